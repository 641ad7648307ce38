namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>
/// A name and a value, decoded. A class, since to sort pairs that are none 38 methods are compiled when the first request is there.
/// </summary>
internal sealed record EcdParameter(string Name, string Value);
