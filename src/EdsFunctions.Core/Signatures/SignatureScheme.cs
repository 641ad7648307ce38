using System.Buffers;
using System.Security.Cryptography;

namespace EdsFunctions.Core.Signatures;

/// <summary>
/// How a sender signs its deliveries with SHA-256: in which headers, what, in which encoding, and for how long that is valid.
/// Each platform has its own.
/// </summary>
public sealed class SignatureScheme
{
    internal const int MaxIdLength = 255;

    private const int MaxTimestampDigits = 15;

    /// <summary>Senders sign with two secrets while they rotate them; none needs more than these.</summary>
    private const int MaxSignatures = 8;

    public required string SignatureHeader { get; init; }

    /// <summary>What precedes the signature in its header.</summary>
    public string Prefix { get; init; } = "";

    public StringComparison PrefixComparison { get; init; } = StringComparison.Ordinal;

    /// <summary>Whether the header is a list, separated by spaces, in which signatures with another prefix are skipped.</summary>
    public bool IsList { get; init; }

    /// <summary>Decodes a signature; null for one that is malformed. See <see cref="Hex"/> and <see cref="Base64"/>.</summary>
    public required Func<string, byte[]?> Decode { get; init; }

    /// <summary>The header with the id of the delivery, where that is signed.</summary>
    public string? IdHeader { get; init; }

    /// <summary>The header with the time of the signature, where there is one.</summary>
    public string? TimestampHeader { get; init; }

    /// <summary>How far the timestamp may be from now, in the unit of <see cref="Now"/>.</summary>
    public long MaxAge { get; init; }

    /// <summary>A time in the unit of the timestamp.</summary>
    public Func<DateTimeOffset, long> Now { get; init; } = time => time.ToUnixTimeSeconds();

    public required SignedContent Content { get; init; }

    /// <summary>The signature of a content under a key.</summary>
    public Func<byte[], byte[], byte[]> Mac { get; init; } = HMACSHA256.HashData;

    /// <summary>Reads the secrets that are configured for the scheme.</summary>
    /// <exception cref="FormatException">A secret is not usable; the message does not repeat it.</exception>
    public required Func<IEnumerable<string>, SigningKeys> ParseKeys { get; init; }

    /// <summary>The bytes that are signed.</summary>
    public delegate byte[] SignedContent(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body);

    /// <summary>Verifies the raw body of a request, before any of it is parsed.</summary>
    /// <param name="keys">The secrets of the scheme; one that matches is enough, so that they can be rotated.</param>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="now">UTC.</param>
    public SignatureCheck Verify(SigningKeys keys, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (keys.All.Count == 0)
        {
            return SignatureCheck.NotConfigured;
        }

        string id = "", timestamp = "";
        if ((ReadHeader(headers, SignatureHeader, out var signature)
             ?? ReadHeader(headers, IdHeader, out id)
             ?? ReadHeader(headers, TimestampHeader, out timestamp)) is { } invalid)
        {
            return invalid;
        }

        // What is signed is ASCII only if these are.
        if (ParseSignatures(signature) is not { } signatures
            || id.Length > MaxIdLength || id.Any(c => c is < '!' or > '~')
            || timestamp.Length > MaxTimestampDigits || !timestamp.All(char.IsAsciiDigit))
        {
            return SignatureCheck.Malformed;
        }

        if (TimestampHeader is not null
            && Math.Abs(Now(now) - long.Parse(timestamp, CultureInfo.InvariantCulture)) > MaxAge)
        {
            return SignatureCheck.Expired;
        }

        // Every key and every signature is compared, so that the time does not tell which of them matched.
        var matches = false;
        foreach (var key in keys.All)
        {
            var expected = Sign(key, id, timestamp, body);
            foreach (var candidate in signatures)
            {
                matches |= CryptographicOperations.FixedTimeEquals(expected, candidate);
            }
        }

        return matches ? SignatureCheck.Valid : SignatureCheck.Mismatch;
    }

    internal byte[] Sign(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body) =>
        Mac(key, Content(key, id, timestamp, body));

    internal static byte[]? Hex(string text)
    {
        var mac = new byte[HMACSHA256.HashSizeInBytes];
        return text.Length == mac.Length * 2 && Convert.FromHexString(text, mac, out _, out _) == OperationStatus.Done
            ? mac
            : null;
    }

    /// <summary>The length is checked, since the decoder skips white space.</summary>
    internal static byte[]? Base64(string text)
    {
        var mac = new byte[HMACSHA256.HashSizeInBytes];
        return text.Length == 44 && Convert.TryFromBase64String(text, mac, out var length) && length == mac.Length
            ? mac
            : null;
    }

    /// <summary>Reads a header that must be present once.</summary>
    /// <returns>What is wrong with it; null if nothing is, or if the scheme has no such header.</returns>
    private static SignatureCheck? ReadHeader(IHeaderDictionary headers, string? name, out string value)
    {
        value = "";
        if (name is null)
        {
            return null;
        }

        var values = headers[name];
        value = values.Count == 1 ? values[0] ?? "" : "";
        return values.Count > 1 ? SignatureCheck.Malformed
            : value.Length == 0 ? SignatureCheck.MissingSignature
            : null;
    }

    /// <returns>Null if one is malformed, or if there are too many.</returns>
    private List<byte[]>? ParseSignatures(string header)
    {
        var signatures = new List<byte[]>();
        foreach (var text in IsList ? header.Split(' ') : [header])
        {
            var hasPrefix = text.StartsWith(Prefix, PrefixComparison);
            if (!hasPrefix && IsList)
            {
                continue;
            }

            if (!hasPrefix || signatures.Count == MaxSignatures || Decode(text[Prefix.Length..]) is not { } signature)
            {
                return null;
            }

            signatures.Add(signature);
        }

        return signatures;
    }
}

/// <summary>The result of a verification. Only <see cref="Valid"/> means that the delivery came from its sender.</summary>
public enum SignatureCheck
{
    /// <summary>No secret is configured, so that nothing can be valid.</summary>
    NotConfigured,

    /// <summary>The signature, or a header that belongs to it, is missing.</summary>
    MissingSignature,

    /// <summary>The signature, or a header that belongs to it, is malformed.</summary>
    Malformed,

    /// <summary>It was signed too long ago, or too far in the future.</summary>
    Expired,

    /// <summary>Signed with another secret, or something else was signed.</summary>
    Mismatch,

    /// <summary>Signed with one of our secrets, and recently where the scheme can tell.</summary>
    Valid,
}
