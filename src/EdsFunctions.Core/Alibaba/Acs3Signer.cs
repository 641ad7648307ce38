using System.Buffers;
using System.Security.Cryptography;
using System.Text;

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

    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"u8);

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
        // Encoded in place: the plain bytes go behind the room that the encoded ones can take at most.
        var plainLength = Encoding.UTF8.GetByteCount(text);
        var room = writer.Reserve(plainLength * 4);
        var plain = room[(plainLength * 3)..];
        Encoding.UTF8.GetBytes(text, plain);

        var written = 0;
        while (!plain.IsEmpty)
        {
            var run = plain.IndexOfAnyExcept(Unreserved);
            run = run < 0 ? plain.Length : run;
            plain[..run].CopyTo(room[written..]);
            written += run;
            plain = plain[run..];
            if (plain.IsEmpty)
            {
                break;
            }

            var value = plain[0];
            room[written] = (byte)'%';
            room[written + 1] = UpperHex(value >> 4);
            room[written + 2] = UpperHex(value & 0xF);
            written += 3;
            plain = plain[1..];
        }

        writer.Advance(written);
    }

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

        public void Append(scoped ReadOnlySpan<char> text) =>
            Length += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetByteCount(text)));

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
