using System.Buffers.Text;

namespace EdsFunctions.Core.Webhooks;

/// <summary>Reads the headers that a signature is made of. Nothing of them is trusted before the signature is.</summary>
internal static class SignedHeaders
{
    private const int MaxTimestampDigits = 15;

    /// <summary>A header that has to be there once.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static SignatureCheck? TryRead(IHeaderDictionary headers, string name, out string value)
    {
        var values = headers[name];
        value = values.Count == 1 ? values[0] ?? "" : "";
        return values.Count > 1 ? SignatureCheck.Malformed
            : value.Length == 0 ? SignatureCheck.MissingSignature
            : null;
    }

    /// <summary>Unix time, in whatever unit the scheme has.</summary>
    public static bool TryReadTime(string value, out long time)
    {
        time = 0;
        return value.Length <= MaxTimestampDigits
            && IsWithin('0', '9', value)
            && long.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out time);
    }

    /// <summary>Whether two times differ by no more than a window.</summary>
    public static bool AreWithin(long window, long time, long now) => Math.Abs(now - time) <= window;

    /// <summary>The 32 bytes of an HMAC-SHA256 from base64, which has one form of 44 characters for them.</summary>
    public static bool TryReadBase64(ReadOnlySpan<char> text, Span<byte> mac) =>
        text.Length == Base64.GetMaxEncodedToUtf8Length(HmacSha256.Size)
        && Convert.TryFromBase64Chars(text, mac, out var length)
        && length == HmacSha256.Size;

    /// <summary>The 32 bytes of an HMAC-SHA256 from hexadecimal.</summary>
    public static bool TryReadHex(ReadOnlySpan<char> text, Span<byte> mac) =>
        text.Length == HmacSha256.Size * 2
        && Convert.FromHexString(text, mac, out _, out _) == System.Buffers.OperationStatus.Done;

    /// <summary>Writes text of a header behind what is in a buffer already; only visible ASCII can have been signed as it stands.</summary>
    /// <returns>False where it does not fit, or holds anything else.</returns>
    public static bool TryAppend(ReadOnlySpan<char> text, Span<byte> buffer, ref int length)
    {
        if (!IsWithin('!', '~', text) || !Encoding.ASCII.TryGetBytes(text, buffer[length..], out var written))
        {
            return false;
        }

        length += written;
        return true;
    }

    /// <summary>A loop: the search of the framework boxes its bounds until it is compiled for good.</summary>
    private static bool IsWithin(char first, char last, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c < first || c > last)
            {
                return false;
            }
        }

        return true;
    }
}
