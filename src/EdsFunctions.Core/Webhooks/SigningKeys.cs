namespace EdsFunctions.Core.Webhooks;

/// <summary>The secrets that deliveries of one scheme are signed with, as keys. They are neither shown nor serialized.</summary>
public sealed class SigningKeys
{
    private const string StandardWebhooksPrefix = "whsec_";

    private SigningKeys(IEnumerable<byte[]> keys) => All = [.. keys];

    internal IReadOnlyList<byte[]> All { get; }

    /// <summary>Keys that are the text itself, as UTF-8: Slack, DingTalk, GitHub.</summary>
    /// <exception cref="FormatException">A secret is not usable; the message does not repeat it.</exception>
    public static SigningKeys OfText(IEnumerable<string> secrets) =>
        new(secrets.Select(secret => Encoding.UTF8.GetBytes(Usable(secret))));

    /// <summary>Keys that the text is the base64 of: Teams.</summary>
    /// <inheritdoc cref="OfText"/>
    public static SigningKeys OfBase64(IEnumerable<string> secrets) => new(secrets.Select(secret => Decode(Usable(secret))));

    /// <summary>Keys that the text is the base64 of, with or without <c>whsec_</c> before it: Standard Webhooks.</summary>
    /// <inheritdoc cref="OfText"/>
    public static SigningKeys OfStandardWebhooks(IEnumerable<string> secrets) => new(secrets.Select(secret =>
        Decode(Usable(secret).StartsWith(StandardWebhooksPrefix, StringComparison.Ordinal)
            ? secret[StandardWebhooksPrefix.Length..]
            : secret)));

    /// <summary>Validates a list of secrets in the configuration.</summary>
    /// <param name="key">Its configuration key.</param>
    /// <param name="secrets">The list.</param>
    /// <param name="parse">Parses it, as the scheme does.</param>
    internal static IEnumerable<string> Validate(
        string key, IList<string> secrets, Func<IEnumerable<string>, SigningKeys> parse) =>
        secrets.SelectMany((secret, i) => Validate($"{key}:{i}", secret, parse));

    /// <summary>Validates one secret in the configuration.</summary>
    /// <returns>What is wrong with it, without its value; nothing if it is usable.</returns>
    internal static IEnumerable<string> Validate(string key, string secret, Func<IEnumerable<string>, SigningKeys> parse)
    {
        try
        {
            parse([secret]);
            return [];
        }
        catch (FormatException e)
        {
            return [$"{key} {e.Message}."];
        }
    }

    /// <summary>If Azure cannot resolve a Key Vault reference, it leaves the reference itself in the setting.</summary>
    internal static bool IsUnresolvedReference(string value) =>
        value.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase);

    /// <summary>An empty secret is known to everyone, and so is a reference that was not resolved.</summary>
    private static string Usable(string? secret) => secret switch
    {
        null or "" => throw new FormatException("is empty"),
        _ when IsUnresolvedReference(secret) => throw new FormatException("is a reference to a vault that could not be resolved"),
        _ => secret,
    };

    private static byte[] Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length > 0
            ? bytes[..length]
            : throw new FormatException("is not base64");
    }
}
