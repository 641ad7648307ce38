using System.Buffers;
using System.Security.Cryptography;

namespace EdsFunctions.Core.Signatures;

/// <summary>
/// A scheme by which a platform signs its deliveries with SHA-256: the headers, the encoding, the signed content, and
/// how long a signature is valid.
/// </summary>
public sealed record SignatureScheme
{
    internal const int MaxIdLength = 255;

    private const int MaxTimestampDigits = 15;

    /// <summary>
    /// The maximum number of signatures in a delivery, as a protection against abuse. During the rotation of a secret,
    /// a sender signs with a few secrets.
    /// </summary>
    private const int MaxSignatures = 64;

    public required string SignatureHeader { get; init; }

    /// <summary>The prefix of the signature in the header, such as <c>sha256=</c>.</summary>
    public string Prefix { get; init; } = "";

    public StringComparison PrefixComparison { get; init; } = StringComparison.Ordinal;

    /// <summary>
    /// Whether the header is a list of signatures, separated by spaces. Signatures with other prefixes, and malformed
    /// ones, are skipped.
    /// </summary>
    public bool IsList { get; init; }

    /// <summary>
    /// Decodes a signature, by <see cref="Hex"/> or <see cref="Base64"/>. Returns null if the signature is malformed.
    /// </summary>
    public required Func<string, byte[]?> Decode { get; init; }

    /// <summary>The header with the ID of the delivery; null if the signature does not cover an ID.</summary>
    public string? IdHeader { get; init; }

    /// <summary>The header with the time of the signature; null if the signature does not cover a time.</summary>
    public string? TimestampHeader { get; init; }

    /// <summary>
    /// The maximum difference between the timestamp of a signature and the current time, in the unit of <see
    /// cref="ToTimestamp"/>.
    /// </summary>
    public long MaxAge { get; init; }

    /// <summary>Converts a time to the unit of the timestamp, such as seconds.</summary>
    public Func<DateTimeOffset, long> ToTimestamp { get; init; } = time => time.ToUnixTimeSeconds();

    public required SignedContent Content { get; init; }

    /// <summary>Computes the signature from the key and the signed content.</summary>
    public Func<byte[], byte[], byte[]> Mac { get; init; } = HMACSHA256.HashData;

    /// <summary>Parses the configured secrets.</summary>
    /// <exception cref="FormatException">A secret is invalid. The message does not contain the secret.</exception>
    public required Func<IEnumerable<string>, SigningKeys> ParseKeys { get; init; }

    /// <summary>Creates the bytes that the signature covers.</summary>
    public delegate byte[] SignedContent(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body);

    /// <summary>Verifies the signature of a request, over the raw body, before the body is parsed.</summary>
    /// <param name="keys">
    /// The configured secrets. A signature with one of them is enough, so that secrets can be rotated.
    /// </param>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="now">The current time, in UTC.</param>
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

        // The ID must be ASCII, because the signed content is made as ASCII.
        if (ParseSignatures(signature) is not { } signatures
            || id.Length > MaxIdLength || id.Any(c => c is < '!' or > '~')
            || timestamp.Length > MaxTimestampDigits || !timestamp.All(char.IsAsciiDigit))
        {
            return SignatureCheck.Malformed;
        }

        if (TimestampHeader is not null
            && Math.Abs(ToTimestamp(now) - long.Parse(timestamp, CultureInfo.InvariantCulture)) > MaxAge)
        {
            return SignatureCheck.Expired;
        }

        // Compare every key with every signature, so that the time that this takes does not reveal which of them
        // matched.
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
    internal bool IsPresent(IHeaderDictionary headers) => headers[SignatureHeader].Any(
        value => value is { Length: > 0 } && (IsList || value.StartsWith(Prefix, PrefixComparison)));

    /// <summary>The ID of a delivery; null if the signature does not cover an ID.</summary>
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

    /// <summary>Decodes base64. Checks the length first, because the decoder of .NET skips white space.</summary>
    internal static byte[]? Base64(string text)
    {
        var mac = new byte[HMACSHA256.HashSizeInBytes];
        return text.Length == 44 && Convert.TryFromBase64String(text, mac, out var length) && length == mac.Length
            ? mac
            : null;
    }

    /// <summary>Reads a header that a request must have exactly once.</summary>
    /// <returns>The error; null if the header is valid, or if the scheme does not have this header.</returns>
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

/// <summary>
/// The result of the verification of a signature. Only with <see cref="Valid"/> is the delivery authentic.
/// </summary>
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

    /// <summary>A configured secret signed the delivery and, if the scheme has a time limit, recently enough.</summary>
    Valid,
}
