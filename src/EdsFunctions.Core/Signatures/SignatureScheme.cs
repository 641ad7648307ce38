using System.Buffers;
using System.Security.Cryptography;

namespace EdsFunctions.Core.Signatures;

/// <summary>
/// A signature scheme with SHA-256: headers, encoding, signed content and period of validity. Each platform has its
/// own.
/// </summary>
public sealed record SignatureScheme
{
    internal const int MaxIdLength = 255;

    private const int MaxTimestampDigits = 15;

    /// <summary>A sender signs with a few secrets during a rotation; more than this is abuse.</summary>
    private const int MaxSignatures = 64;

    public required string SignatureHeader { get; init; }

    /// <summary>The prefix of the signature in its header.</summary>
    public string Prefix { get; init; } = "";

    public StringComparison PrefixComparison { get; init; } = StringComparison.Ordinal;

    /// <summary>
    /// Whether the header is a space-separated list, in which other prefixes and malformed signatures are skipped.
    /// </summary>
    public bool IsList { get; init; }

    /// <summary>
    /// Decodes a signature; returns null if it is malformed. See <see cref="Hex"/> and <see cref="Base64"/>.
    /// </summary>
    public required Func<string, byte[]?> Decode { get; init; }

    /// <summary>The header with the ID of the delivery, if the ID is signed.</summary>
    public string? IdHeader { get; init; }

    /// <summary>The header with the time of the signature; null if the scheme signs none.</summary>
    public string? TimestampHeader { get; init; }

    /// <summary>The largest difference of the timestamp from now, in the unit of <see cref="Now"/>.</summary>
    public long MaxAge { get; init; }

    /// <summary>Converts a time to the unit of the timestamp.</summary>
    public Func<DateTimeOffset, long> Now { get; init; } = time => time.ToUnixTimeSeconds();

    public required SignedContent Content { get; init; }

    /// <summary>Computes the signature from key and content.</summary>
    public Func<byte[], byte[], byte[]> Mac { get; init; } = HMACSHA256.HashData;

    /// <summary>Parses the configured secrets.</summary>
    /// <exception cref="FormatException">A secret is invalid; the message does not repeat it.</exception>
    public required Func<IEnumerable<string>, SigningKeys> ParseKeys { get; init; }

    /// <summary>The bytes that are signed.</summary>
    public delegate byte[] SignedContent(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body);

    /// <summary>Verifies the raw body of a request, before any of it is parsed.</summary>
    /// <param name="keys">The secrets. A match with one of them is enough, so that secrets can be rotated.</param>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="now">UTC.</param>
    public SignatureCheck Verify(
        SigningKeys keys, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (keys.All.Count == 0)
        {
            return SignatureCheck.NotConfigured;
        }

        var signatureError = ReadHeader(headers, SignatureHeader, out var signature);
        var idError = ReadHeader(headers, IdHeader, out var id);
        var timestampError = ReadHeader(headers, TimestampHeader, out var timestamp);
        if ((signatureError ?? idError ?? timestampError) is { } invalid)
        {
            return invalid;
        }

        // The signed content is built as ASCII, so the ID must be ASCII.
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

        // Compares every key with every signature, so that the time does not reveal which of them matched.
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

    /// <summary>
    /// Whether a request has a signature of this scheme. A signature with another prefix, such as <c>sha1=</c>, does
    /// not count.
    /// </summary>
    internal bool IsIn(IHeaderDictionary headers) => headers[SignatureHeader].Any(
        value => value is { Length: > 0 } && (IsList || value.StartsWith(Prefix, PrefixComparison)));

    /// <summary>The signed ID of a delivery; null if the scheme signs none.</summary>
    internal string? GetId(IHeaderDictionary headers) => IdHeader is null ? null : headers[IdHeader].ToString();

    internal byte[] Sign(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body) =>
        Mac(key, Content(key, id, timestamp, body));

    internal static byte[]? Hex(string text)
    {
        var mac = new byte[HMACSHA256.HashSizeInBytes];
        return text.Length == mac.Length * 2 && Convert.FromHexString(text, mac, out _, out _) == OperationStatus.Done
            ? mac
            : null;
    }

    /// <summary>Checks the length, since the decoder skips white space.</summary>
    internal static byte[]? Base64(string text)
    {
        var mac = new byte[HMACSHA256.HashSizeInBytes];
        return text.Length == 44 && Convert.TryFromBase64String(text, mac, out var length) && length == mac.Length
            ? mac
            : null;
    }

    /// <summary>Reads a header that must be present once.</summary>
    /// <returns>The error; null if there is none, or if the scheme has no such header.</returns>
    private static SignatureCheck? ReadHeader(IHeaderDictionary headers, string? name, out string value)
    {
        value = "";
        if (name is null)
        {
            return null;
        }

        var values = headers[name];
        value = values.ToString();
        return values.Count > 1 ? SignatureCheck.Malformed
            : value.Length == 0 ? SignatureCheck.MissingSignature
            : null;
    }

    /// <returns>Null if there are too many signatures, or if the signatures with the prefix are malformed.</returns>
    private List<byte[]>? ParseSignatures(string header)
    {
        string[] texts = IsList ? Array.FindAll(header.Split(' '), HasPrefix) : [header];
        var signatures = texts.Where(HasPrefix).Select(text => Decode(text[Prefix.Length..])).OfType<byte[]>().ToList();
        return signatures.Count > MaxSignatures || (signatures.Count == 0 && texts.Length > 0) ? null : signatures;

        bool HasPrefix(string text) => text.StartsWith(Prefix, PrefixComparison);
    }
}

/// <summary>The result of a signature verification. Only <see cref="Valid"/> is authentic.</summary>
public enum SignatureCheck
{
    /// <summary>No secret is configured, so no signature is valid.</summary>
    NotConfigured,

    /// <summary>The signature or another required header is missing.</summary>
    MissingSignature,

    /// <summary>The signature or another required header is malformed.</summary>
    Malformed,

    /// <summary>The timestamp is too old or too far in the future.</summary>
    Expired,

    /// <summary>The signature was made with another secret or for other content.</summary>
    Mismatch,

    /// <summary>Signed with a configured secret, and within the period of validity if the scheme has one.</summary>
    Valid,
}
