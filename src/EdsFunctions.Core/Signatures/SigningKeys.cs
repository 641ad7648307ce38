namespace EdsFunctions.Core.Signatures;

/// <summary>The secrets that deliveries of one scheme are signed with, as keys. They are neither shown nor serialized.</summary>
public sealed class SigningKeys
{
    private const string StandardWebhooksPrefix = "whsec_";

    /// <summary>A shorter secret of a sender can be guessed.</summary>
    public const int MinBytes = 16;

    /// <summary>The least that Standard Webhooks allow.</summary>
    public const int MinStandardWebhooksBytes = 24;

    private SigningKeys(IEnumerable<byte[]> keys) => All = [.. keys];

    internal IReadOnlyList<byte[]> All { get; }

    /// <summary>Keys that are the text itself, as UTF-8.</summary>
    /// <exception cref="FormatException">A secret is not usable; the message does not repeat it.</exception>
    public static SigningKeys FromText(IEnumerable<string> secrets) =>
        new(secrets.Select(secret => Encoding.UTF8.GetBytes(Usable(secret))));

    /// <summary>Keys that the text is the base64 of.</summary>
    /// <inheritdoc cref="FromText"/>
    public static SigningKeys FromBase64(IEnumerable<string> secrets) => new(secrets.Select(secret => Decode(Usable(secret))));

    /// <summary>Keys that the text is the base64 of, with or without <c>whsec_</c> before it: Standard Webhooks.</summary>
    /// <inheritdoc cref="FromText"/>
    public static SigningKeys FromStandardWebhooks(IEnumerable<string> secrets) => new(secrets.Select(secret =>
    {
        var usable = Usable(secret);
        var base64 = usable.StartsWith(StandardWebhooksPrefix, StringComparison.Ordinal) ? usable[StandardWebhooksPrefix.Length..] : usable;
        return Decode(base64);
    }));

    /// <summary>Validates the secrets of senders in the configuration. They may not be so short that they can be guessed.</summary>
    /// <param name="key">Its configuration key.</param>
    /// <param name="secrets">The list.</param>
    /// <param name="parse">Parses it, as the scheme does.</param>
    /// <param name="minBytes">How many bytes a key has at least.</param>
    internal static IEnumerable<string> Validate(
        string key, IList<string> secrets, Func<IEnumerable<string>, SigningKeys> parse, int minBytes = MinBytes) =>
        secrets.SelectMany((secret, i) => Validate($"{key}:{i}", secret, parse, minBytes));

    /// <summary>Validates one secret in the configuration.</summary>
    /// <returns>What is wrong with it, without its value; nothing if it is usable.</returns>
    internal static IEnumerable<string> Validate(
        string key, string secret, Func<IEnumerable<string>, SigningKeys> parse, int minBytes)
    {
        try
        {
            return parse([secret]).All[0].Length >= minBytes ? [] : [$"{key} is too short: it must have at least {minBytes} bytes."];
        }
        catch (FormatException e)
        {
            return [$"{key} {e.Message}."];
        }
    }

    /// <summary>If Azure cannot resolve a Key Vault reference, it leaves the reference itself in the setting.</summary>
    internal static bool IsUnresolvedReference(string value) =>
        value.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// An empty secret is known to everyone, and so is a reference that was not resolved. White space around a secret, such as the line
    /// feed of a file, is not a part of it.
    /// </summary>
    private static string Usable(string? secret) => secret?.Trim() switch
    {
        null or "" => throw new FormatException("is empty"),
        var trimmed when IsUnresolvedReference(trimmed) => throw new FormatException("is a reference to a vault that could not be resolved"),
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
