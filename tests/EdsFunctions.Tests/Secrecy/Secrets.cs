using System.Buffers;
using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// The secrets, verification codes and account ids to look for in outputs. Finds them in a text as they are,
/// URL-encoded, JSON-escaped, in base64, and truncated.
/// </summary>
internal sealed partial class Secrets
{
    /// <summary>
    /// The name of an account id in failure messages. Only stored records may contain a whole account id.
    /// </summary>
    public const string AccountId = "whole account id";

    /// <summary>
    /// If a text contains this number of characters of the beginning or the end of a long secret, it counts as a leak.
    /// </summary>
    private const int RevealingLength = 12;

    /// <summary>The minimum length of a text to look for. Shorter texts occur by chance.</summary>
    private const int MinLength = 8;

    private readonly ConcurrentDictionary<string, string> spellings = new();
    private readonly ConcurrentDictionary<string, string> codes = new();
    private SearchValues<string>? searched;

    public void Add(string name, string? text)
    {
        if (text is null || text.Length < MinLength)
        {
            return;
        }

        string[] parts = text.Length < 2 * RevealingLength
            ? [text]
            : [text, text[..RevealingLength], text[^RevealingLength..]];
        foreach (var part in parts)
        {
            AddSpelling(name, part);
            AddSpelling(name, Uri.EscapeDataString(part));
            AddSpelling(name, JsonSerializer.Serialize(part).Trim('"'));
        }

        AddSpelling(name, Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('='));
    }

    /// <summary>
    /// Adds a verification code. Finds the code only as a whole number, because longer numbers may contain its digits
    /// by chance.
    /// </summary>
    public void AddCode(string code) => codes.TryAdd(code, "verification code");

    /// <summary>Adds an account id, of which only the last four digits may be shown.</summary>
    public void AddAccount(string digits)
    {
        AddSpelling(AccountId, digits);
        AddSpelling(AccountId, digits[..^4]);
    }

    /// <summary>
    /// Adds the secrets in a configuration. The URL of a channel is a secret, because anyone who has it can post to the
    /// channel.
    /// </summary>
    public void AddConfigured(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        foreach (var (name, value) in settings)
        {
            // In the name of an environment variable, two underscores stand for a colon.
            var key = name.Replace("__", ":", StringComparison.Ordinal);
            if (SecretKeys.IsMatch(key))
            {
                Add(key, value);
            }
            else if (SecretUrlKeys.IsMatch(key) && Uri.TryCreate(value, UriKind.Absolute, out var url))
            {
                Add(key, url.PathAndQuery);
            }
            else if (AccountKeys.Match(value ?? "") is { Success: true } accountKey)
            {
                Add(key, accountKey.Value);
            }
        }
    }

    /// <summary>Adds the codes, account ids and the idempotency key of a request.</summary>
    public void AddRequest(string text, string? idempotencyKey)
    {
        Add("idempotency key", idempotencyKey);
        foreach (var id in AccountIds.Matches(text).Select(match => match.Value))
        {
            AddAccount(id);
        }

        foreach (var code in RequestCodes.Matches(text).Select(match => match.Groups[1].Value))
        {
            AddCode(code);
        }
    }

    /// <summary>
    /// Adds the codes that the simulator sent, the secrets in its responses, and the signatures that it received.
    /// </summary>
    public void AddFrom(SimulatorServer alibaba)
    {
        const string Signature = "Signature=";
        Add("secret of an office network", OfficeSiteSecrets.Mark);
        foreach (var mail in alibaba.Outbox.Messages)
        {
            AddCode(mail.Code);
        }

        // Add only the last requests, because many secrets would make the search slow.
        foreach (var request in alibaba.Requests.Items.TakeLast(20))
        {
            if (request.Headers.GetValueOrDefault("Authorization") is { } header
                && header.Contains(Signature, StringComparison.Ordinal))
            {
                Add("signature", header.Split(Signature)[1]);
            }
        }
    }

    /// <summary>The names of the secrets in a text.</summary>
    public IEnumerable<string> FindIn(string text)
    {
        searched ??= SearchValues.Create([.. spellings.Keys], StringComparison.Ordinal);
        IEnumerable<string> found = text.AsSpan().ContainsAny(searched)
            ? spellings.Where(one => text.Contains(one.Key, StringComparison.Ordinal)).Select(one => one.Value)
            : [];
        return found
            .Concat(SixDigits.Matches(text).Select(match => codes.GetValueOrDefault(match.Value)).OfType<string>())
            .Distinct();
    }

    private void AddSpelling(string name, string spelling)
    {
        spellings.TryAdd(spelling, name);
        searched = null;
    }

    [GeneratedRegex("Secrets?(:[0-9]+)?$|_SECRET$|_TOKEN$", RegexOptions.CultureInvariant)]
    private static partial Regex SecretKeys { get; }

    [GeneratedRegex("^StaleReport:(Channels:.*:Url|HeartbeatUrl)$", RegexOptions.CultureInvariant)]
    private static partial Regex SecretUrlKeys { get; }

    [GeneratedRegex("(?<=AccountKey=)[^;]+", RegexOptions.CultureInvariant)]
    private static partial Regex AccountKeys { get; }

    [GeneratedRegex("(?<![0-9A-Za-z-])[1-9][0-9]{14,18}(?![0-9A-Za-z-])", RegexOptions.CultureInvariant)]
    private static partial Regex AccountIds { get; }

    [GeneratedRegex("(?i)verifyCode\"\\s*:\\s*\"?([0-9]{6})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex RequestCodes { get; }

    [GeneratedRegex("(?<![0-9A-Za-z]|[0-9][.])[0-9]{6}(?![0-9A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex SixDigits { get; }
}
