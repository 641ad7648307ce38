namespace EdsFunctions.Core.Alibaba;

/// <summary>A query parameter or a header that takes part in a signature.</summary>
/// <param name="Name">A query parameter's name as the API spells it; a header's name in lower case.</param>
/// <param name="Value">The plain value, not encoded.</param>
public readonly record struct Acs3Parameter(string Name, string Value);
