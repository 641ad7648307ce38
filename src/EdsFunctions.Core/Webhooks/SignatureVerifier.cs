namespace EdsFunctions.Core.Webhooks;

/// <summary>The shape of every verifier: a pure function, to be called with the raw bytes before anything of them is parsed.</summary>
/// <param name="keys">The secrets of the scheme; one that matches is enough, so that they can be rotated.</param>
/// <param name="headers">The headers of the request.</param>
/// <param name="body">The raw body.</param>
/// <param name="now">UTC.</param>
public delegate SignatureCheck SignatureVerifier(
    SigningKeys keys, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now);
