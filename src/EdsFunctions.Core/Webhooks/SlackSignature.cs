namespace EdsFunctions.Core.Webhooks;

/// <summary>
/// Slack's request signing: <c>X-Slack-Signature: v0=</c> and the hexadecimal HMAC-SHA256 of <c>v0:{timestamp}:{body}</c>
/// (https://api.slack.com/authentication/verifying-requests-from-slack).
/// </summary>
public static class SlackSignature
{
    private const string SignatureHeader = "X-Slack-Signature";
    private const string TimestampHeader = "X-Slack-Request-Timestamp";
    private const string Version = "v0=";
    private const int MaxPrefix = 32;
    private const long FreshSeconds = 300;

    /// <inheritdoc cref="SignatureVerifier"/>
    public static SignatureCheck Verify(SigningKeys keys, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (keys.All.IsEmpty)
        {
            return SignatureCheck.NotConfigured;
        }

        if ((SignedHeaders.TryRead(headers, SignatureHeader, out var signature)
             ?? SignedHeaders.TryRead(headers, TimestampHeader, out _)) is { } wrong)
        {
            return wrong;
        }

        var timestamp = headers[TimestampHeader].ToString();
        Span<byte> candidate = stackalloc byte[HmacSha256.Size];
        if (!signature.StartsWith(Version, StringComparison.Ordinal)
            || !SignedHeaders.TryReadHex(signature.AsSpan(Version.Length), candidate)
            || !SignedHeaders.TryReadTime(timestamp, out var time))
        {
            return SignatureCheck.Malformed;
        }

        if (!SignedHeaders.AreWithin(FreshSeconds, time, now.ToUnixTimeSeconds()))
        {
            return SignatureCheck.Expired;
        }

        Span<byte> prefix = stackalloc byte[MaxPrefix];
        var length = 0;
        return SignedHeaders.TryAppend("v0:", prefix, ref length)
            && SignedHeaders.TryAppend(timestamp, prefix, ref length)
            && SignedHeaders.TryAppend(":", prefix, ref length)
            && HmacSha256.AnyMatches(keys, prefix[..length], body, candidate)
                ? SignatureCheck.Valid
                : SignatureCheck.Mismatch;
    }
}
