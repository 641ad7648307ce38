namespace EdsFunctions.Core.Webhooks;

/// <summary>
/// Webhooks signed as GitHub does: <c>X-Hub-Signature-256: sha256=</c> and the hexadecimal HMAC-SHA256 of the body
/// (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). No time is signed.
/// </summary>
public static class GitHubSignature
{
    internal const string Header = "X-Hub-Signature-256";

    private const string Algorithm = "sha256=";

    /// <inheritdoc cref="SignatureVerifier"/>
    public static SignatureCheck Verify(SigningKeys keys, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (keys.All.IsEmpty)
        {
            return SignatureCheck.NotConfigured;
        }

        if (SignedHeaders.TryRead(headers, Header, out var signature) is { } wrong)
        {
            return wrong;
        }

        Span<byte> candidate = stackalloc byte[HmacSha256.Size];
        if (!signature.StartsWith(Algorithm, StringComparison.Ordinal)
            || !SignedHeaders.TryReadHex(signature.AsSpan(Algorithm.Length), candidate))
        {
            return SignatureCheck.Malformed;
        }

        return HmacSha256.AnyMatches(keys, [], body, candidate) ? SignatureCheck.Valid : SignatureCheck.Mismatch;
    }
}
