using System.Buffers;

namespace EdsFunctions.Core.Webhooks;

/// <summary>
/// Callbacks of a DingTalk robot: headers <c>timestamp</c> in milliseconds and <c>sign</c>, the base64 of the HMAC-SHA256 of the timestamp,
/// a line feed and the app secret (https://open.dingtalk.com/document/orgapp/receive-message). The body is not signed.
/// </summary>
public static class DingTalkSignature
{
    private const string SignatureHeader = "sign";
    private const string TimestampHeader = "timestamp";
    private const long FreshMilliseconds = 60 * 60 * 1000;

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
        if (!SignedHeaders.TryReadBase64(signature, candidate) || !SignedHeaders.TryReadTime(timestamp, out var time))
        {
            return SignatureCheck.Malformed;
        }

        if (!SignedHeaders.AreWithin(FreshMilliseconds, time, now.ToUnixTimeMilliseconds()))
        {
            return SignatureCheck.Expired;
        }

        var matches = false;
        foreach (var key in keys.All)
        {
            matches |= Matches(key, timestamp, candidate);
        }

        return matches ? SignatureCheck.Valid : SignatureCheck.Mismatch;
    }

    /// <summary>The secret is the key, and a part of what is signed.</summary>
    private static bool Matches(ReadOnlySpan<byte> key, string timestamp, ReadOnlySpan<byte> candidate)
    {
        var size = timestamp.Length + 1 + key.Length;
        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var length = 0;
            SignedHeaders.TryAppend(timestamp, rented, ref length);
            rented[length] = (byte)'\n';
            key.CopyTo(rented.AsSpan(length + 1));
            return HmacSha256.Matches(key, rented.AsSpan(0, size), candidate);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
