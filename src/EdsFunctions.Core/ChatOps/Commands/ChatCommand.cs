using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>A parsed command.</summary>
/// <param name="Name">
/// Its name in logs and activities; stored fingerprints of commands with a code contain this name.
/// </param>
/// <param name="Changes">Whether it changes something, so that only allowed users may run it.</param>
/// <param name="HoldsCode">
/// Whether it contains a code. Its reply is never public, and no hash of its text is stored.
/// </param>
internal abstract record ChatCommand(string Name, bool Changes = false, bool HoldsCode = false)
{
    /// <summary>Runs the command and returns the reply.</summary>
    public abstract Task<Message> RunAsync(CommandContext context);
}

/// <summary>A reference to a verification in a command: its id, or the first digits of its short reference.</summary>
/// <param name="Id">The id; null if the prefix is given.</param>
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

/// <summary>A text with its arguments, independent of the language.</summary>
internal sealed record Phrase(Text Text, params IReadOnlyList<object> Arguments)
{
    public string Localize(Localizer texts) =>
        texts[Text, [.. Arguments.Select(argument => argument is Text text ? texts[text] : argument)]];
}
