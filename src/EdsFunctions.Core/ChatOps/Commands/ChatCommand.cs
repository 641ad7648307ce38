using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>A parsed command.</summary>
/// <param name="Name">
/// The name of the command in logs and activities. Stored fingerprints contain this name, so it must not change.
/// </param>
/// <param name="Changes">Whether the command changes something, so that only allowed users may run the command.</param>
/// <param name="HoldsCode">
/// Whether the command contains a code. If so, the reply is never public, and no hash of the text is stored.
/// </param>
internal abstract record ChatCommand(string Name, bool Changes = false, bool HoldsCode = false)
{
    /// <summary>Runs the command and returns the reply.</summary>
    public abstract Task<Message> RunAsync(CommandContext context);
}

/// <summary>How a command names a verification: by its id, or by the first digits of its reference.</summary>
/// <param name="Id">The id; null if the command has the first digits of a reference.</param>
/// <param name="Prefix">Lower-case hexadecimal digits; empty if the id is given.</param>
internal readonly record struct VerificationRef(Guid? Id, string Prefix)
{
    public static VerificationRef? Parse(string word)
    {
        var digits = word.TrimStart('#').ToLowerInvariant();
        return digits.Length is > 0 and <= VerificationIds.RefDigits && digits.All(char.IsAsciiHexDigitLower)
            ? new VerificationRef(null, digits)
            : Guid.TryParseExact(digits, "D", out var id) ? new VerificationRef(id, "")
            : null;
    }
}

/// <summary>A text and its arguments. The language is chosen when the text is formatted.</summary>
internal sealed record Phrase(Text Text, params IReadOnlyList<object> Arguments)
{
    public string Localize(Localizer texts) =>
        texts[Text, [.. Arguments.Select(argument => argument is Text text ? texts[text] : argument)]];
}
