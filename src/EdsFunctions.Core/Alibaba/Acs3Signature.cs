namespace EdsFunctions.Core.Alibaba;

/// <summary>What signing a request yields.</summary>
/// <param name="Query">The canonical query, RFC 3986 encoded and sorted: to be sent as it stands, behind the question mark.</param>
/// <param name="Authorization">The value of the Authorization header.</param>
public readonly record struct Acs3Signature(string Query, string Authorization);
