using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Signatures;

/// <summary>The keys for one signature scheme. The type never shows or serializes them.</summary>
public sealed class SigningKeys
{
    /// <summary>The minimum length of a secret in bytes. A shorter secret could be guessed.</summary>
    public const int MinBytes = 16;

    private SigningKeys(IEnumerable<byte[]> keys) => All = [.. keys];

    internal IReadOnlyList<byte[]> All { get; }

    /// <summary>Creates keys from secrets that are used as keys themselves, in UTF-8.</summary>
    /// <exception cref="FormatException">A secret is invalid. The message does not contain the secret.</exception>
    public static SigningKeys FromText(IEnumerable<string> secrets) =>
        new(secrets.Select(secret => Encoding.UTF8.GetBytes(Normalize(secret))));

    /// <summary>Decodes the secrets from base64.</summary>
    /// <inheritdoc cref="FromText"/>
    public static SigningKeys FromBase64(IEnumerable<string> secrets) => FromBase64(secrets, prefix: "");

    /// <summary>Decodes the secrets from base64, with or without a prefix.</summary>
    /// <inheritdoc cref="FromText"/>
    public static SigningKeys FromBase64(IEnumerable<string> secrets, string prefix) => new(secrets.Select(secret =>
    {
        var normalized = Normalize(secret);
        return Decode(
            normalized.StartsWith(prefix, StringComparison.Ordinal) ? normalized[prefix.Length..] : normalized);
    }));

    /// <summary>Validates configured secrets.</summary>
    /// <param name="key">The configuration key of the list.</param>
    /// <param name="secrets">The secrets.</param>
    /// <param name="parse">Parses secrets of the scheme.</param>
    /// <param name="minBytes">The minimum length of a key.</param>
    internal static IEnumerable<string> Validate(
        string key, IList<string> secrets, Func<IEnumerable<string>, SigningKeys> parse, int minBytes = MinBytes) =>
        secrets.SelectMany((secret, i) => Validate($"{key}:{i}", secret, parse, minBytes));

    /// <summary>Validates one configured secret.</summary>
    /// <returns>The validation errors. They do not contain the secret.</returns>
    internal static IEnumerable<string> Validate(
        string key, string secret, Func<IEnumerable<string>, SigningKeys> parse, int minBytes)
    {
        try
        {
            return parse([secret]).All[0].Length >= minBytes
                ? []
                : [$"{key} is too short: it must have at least {minBytes} bytes."];
        }
        catch (FormatException e)
        {
            return [$"{key} {e.Message}."];
        }
    }

    /// <summary>
    /// Whether the value of a setting is a Key Vault reference. Azure replaces a reference with the secret, unless it
    /// cannot resolve the reference.
    /// </summary>
    internal static bool IsUnresolvedReference(string? value) =>
        value?.Trim().StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>
    /// Trims the white space around a secret, such as the line feed at the end of a file. Rejects an empty secret and
    /// an unresolved Key Vault reference, because an attacker could guess both.
    /// </summary>
    private static string Normalize(string? secret) => secret?.Trim() switch
    {
        null or "" => throw new FormatException("is empty"),
        var trimmed when IsUnresolvedReference(trimmed) =>
            throw new FormatException("is a Key Vault reference that could not be resolved"),
        var trimmed when QuotedText.IsQuoted(trimmed) => throw new FormatException(QuotedText.Error),
        var trimmed => trimmed,
    };

    private static byte[] Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length > 0
            ? bytes[..length]
            : throw new FormatException("is not base64");
    }
}
