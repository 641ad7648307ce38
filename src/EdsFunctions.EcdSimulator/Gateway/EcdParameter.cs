namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>
/// A name and a value, decoded. A class, since sorting pairs that are none has to be compiled when the first request is there: 5 ms.
/// </summary>
internal sealed record EcdParameter(string Name, string Value);
