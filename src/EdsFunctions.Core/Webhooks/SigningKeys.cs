namespace EdsFunctions.Core.Webhooks;

/// <summary>The secrets that deliveries of one scheme are signed with, as keys. There is nothing in it to be seen or serialized.</summary>
public sealed class SigningKeys
{
    private const string StandardWebhooksPrefix = "whsec_";

    private readonly byte[][] keys;

    private SigningKeys(IEnumerable<byte[]> keys) => this.keys = [.. keys];

    /// <summary>None: nothing is valid.</summary>
    public static SigningKeys None { get; } = new([]);

    internal ReadOnlySpan<byte[]> All => keys;

    /// <summary>Keys that are the text itself, as UTF-8: Slack, DingTalk, GitHub.</summary>
    /// <exception cref="FormatException">A secret is not usable; the message does not repeat it.</exception>
    public static SigningKeys OfText(IEnumerable<string> secrets) => new(secrets.Select(secret => Encoding.UTF8.GetBytes(Usable(secret))));

    /// <summary>Keys that the text is the base64 of: Teams.</summary>
    /// <exception cref="FormatException">A secret is not usable; the message does not repeat it.</exception>
    public static SigningKeys OfBase64(IEnumerable<string> secrets) => new(secrets.Select(secret => Decode(Usable(secret))));

    /// <summary>Keys that the text behind <c>whsec_</c> is the base64 of: Standard Webhooks.</summary>
    /// <exception cref="FormatException">A secret is not usable; the message does not repeat it.</exception>
    public static SigningKeys OfStandardWebhooks(IEnumerable<string> secrets) => new(secrets.Select(secret =>
        Decode(Usable(secret) is var usable && usable.StartsWith(StandardWebhooksPrefix, StringComparison.Ordinal)
            ? usable[StandardWebhooksPrefix.Length..]
            : usable)));

    /// <summary>
    /// An empty secret is one that everybody knows, and so is a reference to a vault that was not resolved: Azure then leaves the
    /// reference itself in the setting.
    /// </summary>
    private static string Usable(string? secret) => secret switch
    {
        null or "" => throw new FormatException("is empty"),
        _ when secret.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) =>
            throw new FormatException("is a reference to a vault that could not be resolved"),
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
