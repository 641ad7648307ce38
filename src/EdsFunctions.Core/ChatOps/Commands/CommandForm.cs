using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>How users type a command, and how the app parses it.</summary>
/// <param name="Syntax">The syntax; its first word is the verb.</param>
/// <param name="Help">The line of the command in the help; <c>{0}</c> stands for the syntax.</param>
/// <param name="Parse">Parses the words after the verb.</param>
internal sealed record CommandForm(string Syntax, Text Help, WordParser Parse)
{
    public string Verb { get; } = Syntax.Split(' ')[0];

    /// <summary>
    /// Creates the result for an invalid command. It repeats only the first word, because another word may be a code in
    /// the wrong place.
    /// </summary>
    public InvalidCommand Invalid(Text error, params IReadOnlyList<object> arguments) =>
        new([new Phrase(Texts.Word, Verb)], [new Phrase(error, arguments)], Syntax);

    /// <summary>Parses the words of a command whose only argument is the reference of a verification.</summary>
    public static WordParser ParseRef(Func<VerificationRef, ChatCommand> create) => (form, words, _) => words switch
    {
        [] => form.Invalid(Texts.MissingRef),
        [var word] when VerificationRef.Parse(word) is { } reference => create(reference),
        [_] => form.Invalid(Texts.BadRef, 2),
        _ => form.Invalid(Texts.TooManyWords),
    };

    /// <summary>Parses the words of a command with a reference, a value and a code as arguments.</summary>
    public static WordParser ParseRefValueCode<T>(
        Func<string, T?> parseValue, Text badValue, Func<VerificationRef, T, VerifyCode, ChatCommand> create)
        where T : struct => (form, words, _) => words switch
        {
            [var word, ..] when VerificationRef.Parse(word) is null => form.Invalid(Texts.BadRef, 2),
            [_, var value, ..] when parseValue(value) is null => form.Invalid(badValue, 3),
            [_, _, var code, ..] when VerifyCode.Parse(code) is null => form.Invalid(Texts.BadCode, 4),
            [var word, var value, var code] =>
                create(VerificationRef.Parse(word)!.Value, parseValue(value)!.Value, VerifyCode.Parse(code)!.Value),
            [_, _, _, ..] => form.Invalid(Texts.TooManyWords),
            _ => form.Invalid(Texts.MissingWords),
        };
}

/// <summary>Parses the words after the first word of a command.</summary>
internal delegate ChatCommand WordParser(CommandForm form, IReadOnlyList<string> words, RegionChoice regions);

/// <summary>The regions that a command may name, and the region of a command that names none.</summary>
/// <param name="Default">
/// The region of a command that names no region; null if every command must name a region.
/// </param>
/// <param name="Served">The regions where ECD is served.</param>
internal sealed record RegionChoice(string? Default, Regions Served);
