namespace EdsFunctions.Core.Webhooks;

/// <summary>
/// Outgoing webhooks of Microsoft Teams: <c>Authorization: HMAC</c> and the base64 of the HMAC-SHA256 of the body, with the decoded
/// security token as the key
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook). No time is signed.
/// </summary>
public static class TeamsSignature
{
    private const string Header = "Authorization";
    private const string Scheme = "HMAC ";

    /// <inheritdoc cref="SignatureVerifier"/>
    public static SignatureCheck Verify(SigningKeys keys, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (keys.All.IsEmpty)
        {
            return SignatureCheck.NotConfigured;
        }

        if (SignedHeaders.TryRead(headers, Header, out var authorization) is { } wrong)
        {
            return wrong;
        }

        Span<byte> candidate = stackalloc byte[HmacSha256.Size];
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || !SignedHeaders.TryReadBase64(authorization.AsSpan(Scheme.Length), candidate))
        {
            return SignatureCheck.Malformed;
        }

        return HmacSha256.AnyMatches(keys, [], body, candidate) ? SignatureCheck.Valid : SignatureCheck.Mismatch;
    }
}
