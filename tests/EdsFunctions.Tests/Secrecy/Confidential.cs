using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// Texts that must not be seen, and how to recognise them: as they are, as a URL, JSON or Base64 writes them, and by either
/// end of a long one, since a text that was cut or masked in the middle is seen all the same.
/// </summary>
internal sealed partial class Confidential
{
    /// <summary>So much of a long text gives it away.</summary>
    private const int Telling = 12;

    private readonly Dictionary<string, string> names = [];
    private readonly Dictionary<string, string> numbers = [];
    private SearchValues<string>? spellings;

    /// <param name="name">What it is, for the message of a test that fails.</param>
    /// <param name="text">The text.</param>
    public Confidential Add(string name, string text)
    {
        string[] parts = text.Length >= 2 * Telling ? [text, text[..Telling], text[^Telling..]] : [text];
        foreach (var part in parts)
        {
            names.TryAdd(part, name);
            names.TryAdd(Uri.EscapeDataString(part), name);
            names.TryAdd(JsonSerializer.Serialize(part).Trim('"'), name);
        }

        names.TryAdd(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), name);
        spellings = null;
        return this;
    }

    /// <summary>The id of an account: its last four digits may be seen, the others not.</summary>
    public Confidential AddOwner(long owner)
    {
        var digits = owner.ToString(System.Globalization.CultureInfo.InvariantCulture);
        names.TryAdd(digits, "owner id");
        names.TryAdd(digits[..^4], "owner id");
        spellings = null;
        return this;
    }

    /// <summary>A short number, which counts only where it stands alone: any longer one may hold its digits by chance.</summary>
    public Confidential AddNumber(string name, string digits)
    {
        numbers[digits] = name;
        return this;
    }

    /// <summary>Whether a text holds one, and the name of it.</summary>
    public bool IsIn(string text, [NotNullWhen(true)] out string? name)
    {
        spellings ??= SearchValues.Create([.. names.Keys], StringComparison.Ordinal);
        name = text.AsSpan().ContainsAny(spellings)
            ? names.First(spelling => text.Contains(spelling.Key, StringComparison.Ordinal)).Value
            : Alone.Matches(text)
                .Select(match => numbers.GetValueOrDefault(match.Value))
                .FirstOrDefault(found => found is not null);
        return name is not null;
    }

    [GeneratedRegex("(?<![0-9A-Za-z]|[0-9][.])[0-9]{6}(?![0-9A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Alone { get; }
}
