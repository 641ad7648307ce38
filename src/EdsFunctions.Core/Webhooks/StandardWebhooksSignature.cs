namespace EdsFunctions.Core.Webhooks;

/// <summary>
/// Standard Webhooks: <c>webhook-id</c>, <c>webhook-timestamp</c>, and <c>webhook-signature</c> with a list of <c>v1,</c> and the base64 of
/// the HMAC-SHA256 of <c>{id}.{timestamp}.{body}</c> (https://github.com/standard-webhooks/standard-webhooks). Other versions are skipped.
/// </summary>
public static class StandardWebhooksSignature
{
    internal const string IdHeader = "webhook-id";
    internal const string TimestampHeader = "webhook-timestamp";
    internal const string SignatureHeader = "webhook-signature";
    internal const int MaxId = 255;

    private const string Version = "v1,";
    private const long FreshSeconds = 300;

    /// <summary>Senders sign with two secrets while they rotate them; nobody needs more than these.</summary>
    private const int MaxSignatures = 8;

    /// <inheritdoc cref="SignatureVerifier"/>
    public static SignatureCheck Verify(SigningKeys keys, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (keys.All.IsEmpty)
        {
            return SignatureCheck.NotConfigured;
        }

        if ((SignedHeaders.TryRead(headers, SignatureHeader, out var signatures)
             ?? SignedHeaders.TryRead(headers, IdHeader, out _)
             ?? SignedHeaders.TryRead(headers, TimestampHeader, out _)) is { } wrong)
        {
            return wrong;
        }

        Span<byte> prefix = stackalloc byte[MaxId + 32];
        var length = 0;
        var id = headers[IdHeader].ToString();
        var timestamp = headers[TimestampHeader].ToString();
        Span<byte> candidates = stackalloc byte[HmacSha256.Size * MaxSignatures];
        if (id.Length > MaxId
            || !SignedHeaders.TryAppend(id, prefix, ref length)
            || !SignedHeaders.TryAppend(".", prefix, ref length)
            || !SignedHeaders.TryAppend(timestamp, prefix, ref length)
            || !SignedHeaders.TryAppend(".", prefix, ref length)
            || !SignedHeaders.TryReadTime(timestamp, out var time)
            || !TryReadSignatures(signatures, candidates, out var count))
        {
            return SignatureCheck.Malformed;
        }

        if (!SignedHeaders.AreWithin(FreshSeconds, time, now.ToUnixTimeSeconds()))
        {
            return SignatureCheck.Expired;
        }

        return HmacSha256.AnyMatches(keys, prefix[..length], body, candidates[..(count * HmacSha256.Size)])
            ? SignatureCheck.Valid
            : SignatureCheck.Mismatch;
    }

    private static bool TryReadSignatures(ReadOnlySpan<char> list, Span<byte> candidates, out int count)
    {
        count = 0;
        foreach (var range in list.Split(' '))
        {
            var one = list[range];
            if (!one.StartsWith(Version, StringComparison.Ordinal))
            {
                continue;
            }

            if (count == MaxSignatures
                || !SignedHeaders.TryReadBase64(one[Version.Length..], candidates[(count * HmacSha256.Size)..]))
            {
                return false;
            }

            count++;
        }

        return true;
    }
}
