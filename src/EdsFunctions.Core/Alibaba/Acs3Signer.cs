using System.Buffers;
using System.Security.Cryptography;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Signs a request of Alibaba Cloud's RPC style with ACS3-HMAC-SHA256: method POST, path <c>/</c>, all parameters in the query and
/// an empty body. Source of the protocol: "V3 request structure and signature mechanism" in Alibaba Cloud's SDK documentation.
/// </summary>
public static class Acs3Signer
{
    /// <summary>The lower-case hexadecimal SHA-256 of the empty body, the value of <c>x-acs-content-sha256</c>.</summary>
    public const string EmptyBodySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const int StackBytes = 2048;

    /// <summary>Three bytes of UTF-8, each of which becomes three characters.</summary>
    private const int MaxEncodedPerChar = 9;

    /// <summary>Signs.</summary>
    /// <param name="query">The parameters, in any order; they are sorted in place.</param>
    /// <param name="headers">
    /// <c>host</c> and every <c>x-acs-*</c> header that will be sent, names in lower case, in any order; they are sorted in place.
    /// </param>
    /// <param name="credentials">Whose id is named and whose secret signs.</param>
    public static Acs3Signature Sign(Span<Acs3Parameter> query, Span<Acs3Parameter> headers, AlibabaCredentials credentials)
    {
        var writer = new Utf8Writer(stackalloc byte[StackBytes]);
        try
        {
            var canonical = WriteCanonicalRequest(ref writer, query, headers);

            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(writer.Written, hash);

            var stringToSign = writer.Length;
            writer.Append("ACS3-HMAC-SHA256\n"u8);
            writer.AppendHex(hash);
            HMACSHA256.HashData(credentials.AccessKeySecret.RevealUtf8(), writer.Written[stringToSign..], hash);

            var authorization = writer.Length;
            writer.Append("ACS3-HMAC-SHA256 Credential="u8);
            writer.Append(credentials.AccessKeyId);
            writer.Append(",SignedHeaders="u8);
            writer.AppendAgain(canonical.SignedHeaders);
            writer.Append(",Signature="u8);
            writer.AppendHex(hash);

            return new Acs3Signature(
                Encoding.ASCII.GetString(writer.Written[canonical.Query]),
                Encoding.ASCII.GetString(writer.Written[authorization..]));
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>The text whose hash is signed, to compare with what the gateway says that it computed.</summary>
    internal static string CanonicalRequest(Span<Acs3Parameter> query, Span<Acs3Parameter> headers)
    {
        var writer = new Utf8Writer(stackalloc byte[StackBytes]);
        try
        {
            WriteCanonicalRequest(ref writer, query, headers);
            return Encoding.UTF8.GetString(writer.Written);
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static (Range Query, Range SignedHeaders) WriteCanonicalRequest(
        ref Utf8Writer writer, Span<Acs3Parameter> query, Span<Acs3Parameter> headers)
    {
        SortByName(query);
        SortByName(headers);

        writer.Append("POST\n/\n"u8);
        var queryStart = writer.Length;
        for (var i = 0; i < query.Length; i++)
        {
            if (i > 0)
            {
                writer.Append("&"u8);
            }

            AppendEncoded(ref writer, query[i].Name);
            writer.Append("="u8);
            AppendEncoded(ref writer, query[i].Value);
        }

        var queryEnd = writer.Length;
        writer.Append("\n"u8);
        foreach (var header in headers)
        {
            writer.Append(header.Name);
            writer.Append(":"u8);
            writer.Append(header.Value.AsSpan().Trim());
            writer.Append("\n"u8);
        }

        writer.Append("\n"u8);
        var signedHeadersStart = writer.Length;
        for (var i = 0; i < headers.Length; i++)
        {
            if (i > 0)
            {
                writer.Append(";"u8);
            }

            writer.Append(headers[i].Name);
        }

        var signedHeadersEnd = writer.Length;
        writer.Append("\n"u8);
        writer.Append(EmptyBodySha256);
        return (queryStart..queryEnd, signedHeadersStart..signedHeadersEnd);
    }

    /// <summary>An insertion sort: there are few, and they mostly come sorted.</summary>
    private static void SortByName(Span<Acs3Parameter> parameters)
    {
        for (var i = 1; i < parameters.Length; i++)
        {
            var moving = parameters[i];
            var to = i;
            for (; to > 0 && string.CompareOrdinal(parameters[to - 1].Name, moving.Name) > 0; to--)
            {
                parameters[to] = parameters[to - 1];
            }

            parameters[to] = moving;
        }
    }

    /// <summary>RFC 3986: the unreserved characters stand, every other byte of the UTF-8 is <c>%XX</c> in upper case.</summary>
    private static void AppendEncoded(ref Utf8Writer writer, string text)
    {
        var room = writer.Reserve(text.Length * MaxEncodedPerChar);
        var written = 0;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (IsUnreserved(c))
            {
                room[written++] = (byte)c;
                i++;
            }
            else if (char.IsAscii(c))
            {
                written += WriteEscaped((byte)c, room[written..]);
                i++;
            }
            else
            {
                i += EncodeRune(text.AsSpan(i), room, ref written);
            }
        }

        writer.Advance(written);
    }

    /// <returns>How many characters it read.</returns>
    private static int EncodeRune(ReadOnlySpan<char> text, Span<byte> room, ref int written)
    {
        Rune.DecodeFromUtf16(text, out var rune, out var chars);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
        {
            written += WriteEscaped(value, room[written..]);
        }

        return chars;
    }

    /// <returns>How many bytes it wrote.</returns>
    private static int WriteEscaped(byte value, Span<byte> room)
    {
        room[0] = (byte)'%';
        room[1] = UpperHex(value >> 4);
        room[2] = UpperHex(value & 0xF);
        return 3;
    }

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~';

    private static byte UpperHex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);

    /// <summary>Bytes on the stack that move to a rented array when they outgrow it.</summary>
    private ref struct Utf8Writer(Span<byte> initial) : IDisposable
    {
        private Span<byte> buffer = initial;
        private byte[]? rented;

        public int Length { get; private set; }

        public readonly ReadOnlySpan<byte> Written => buffer[..Length];

        public Span<byte> Reserve(int count)
        {
            if (buffer.Length - Length < count)
            {
                Grow(count);
            }

            return buffer.Slice(Length, count);
        }

        public void Advance(int count) => Length += count;

        public void Append(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(Reserve(bytes.Length));
            Length += bytes.Length;
        }

        // Room for the longest that it can become: counting first takes as long as writing, and a signature 0.1 µs longer.
        public void Append(scoped ReadOnlySpan<char> text) =>
            Length += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));

        public void AppendHex(scoped ReadOnlySpan<byte> bytes)
        {
            Convert.TryToHexStringLower(bytes, Reserve(bytes.Length * 2), out var written);
            Length += written;
        }

        public void AppendAgain(Range range)
        {
            var (offset, count) = range.GetOffsetAndLength(Length);
            var room = Reserve(count);
            buffer.Slice(offset, count).CopyTo(room);
            Length += count;
        }

        /// <summary>Gives the rented array back, wiped: it may have held a security token.</summary>
        public void Dispose()
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
                rented = null;
            }
        }

        private void Grow(int count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + count, buffer.Length * 2));
            Written.CopyTo(larger);
            Dispose();
            rented = larger;
            buffer = larger;
        }
    }
}
