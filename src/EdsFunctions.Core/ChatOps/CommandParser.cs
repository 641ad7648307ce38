using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps;

/// <summary>The one grammar of all chats.</summary>
internal static class CommandParser
{
    /// <summary>Every command, in the order in which the help lists them.</summary>
    public static IReadOnlyList<CommandForm> Commands { get; } =
    [
        new("send <cen> [owner] [region]", Texts.HelpSend, Send),
        new("pending", Texts.HelpPending, (form, words, _) =>
            words.Count == 0 ? new ChatCommand.Pending() : Mistake(form, new Phrase(Texts.TooManyWords))),
        new("resend <ref>", Texts.HelpResend, Named(reference => new ChatCommand.Resend(reference))),
        new("show <ref>", Texts.HelpShow, Named(reference => new ChatCommand.Show(reference))),
        new("check <ref> <cidr> <code>", Texts.HelpCheck, WithCode(
            CidrBlock.Parse, Texts.BadCidr, (reference, block, code) => new ChatCommand.Check(reference, block, code))),
        new("attach <ref> <office-network> <code>", Texts.HelpAttach, WithCode(
            OfficeSiteId.Parse, Texts.BadOfficeSite, (reference, site, code) => new ChatCommand.Attach(reference, site, code))),
        new("done <ref>", Texts.HelpDone, Named(reference => new ChatCommand.Close(reference, VerificationState.Completed))),
        new("cancel <ref>", Texts.HelpCancel, Named(reference => new ChatCommand.Close(reference, VerificationState.Cancelled))),
        new("help", Texts.HelpHelp, (_, _, _) => new ChatCommand.Help()),
    ];

    /// <summary>No command needs more; a book that was pasted is none.</summary>
    private const int MaxLength = 500;

    /// <summary>
    /// Account ids have 16 digits. A number with hardly any is a code that landed in the wrong place, and would go to Alibaba as the
    /// owner's id.
    /// </summary>
    private const int MinOwnerDigits = 10;

    /// <summary>The word that shows the answer to the whole channel.</summary>
    private const string Public = "public";

    /// <param name="text">What was typed, without the markup of the platform.</param>
    /// <param name="defaultRegion">The region if none is named; null if it has to be.</param>
    /// <param name="regions">The regions that are served.</param>
    /// <returns>The command, and whether the whole channel is to see its answer, where the platform leaves that open.</returns>
    public static (ChatCommand Command, bool IsPublic) Parse(string text, string? defaultRegion, Regions regions)
    {
        if (text.Length > MaxLength)
        {
            return (new ChatCommand.Mistake([], [new Phrase(Texts.TooLong)], Right: null), false);
        }

        var words = CommandWords.Split(text).ToList();
        var isPublic = words.Count > 1 && words[^1].Equals(Public, StringComparison.OrdinalIgnoreCase);
        if (isPublic)
        {
            words.RemoveAt(words.Count - 1);
        }

        return (Parse(words, new RegionChoice(defaultRegion, regions)), isPublic);
    }

    private static ChatCommand Parse(List<string> words, RegionChoice regions)
    {
        if (words.Count == 0)
        {
            return new ChatCommand.Help();
        }

        var verb = words[0].TrimStart('/').ToLowerInvariant();
        return Commands.FirstOrDefault(known => known.Verb == verb) is { } form
            ? form.Parse(form, words[1..], regions)
            : new ChatCommand.Mistake([], [Unknown(verb)], Right: null);
    }

    /// <summary>The order of what follows does not matter: a CEN, an account id and a region look different.</summary>
    private static ChatCommand Send(CommandForm form, IReadOnlyList<string> words, RegionChoice regions)
    {
        string? cen = null;
        string? region = null;
        AccountId? owner = null;
        var wrong = new List<Phrase>();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i].ToLowerInvariant();
            if (CenIn(word) is { Value: var id })
            {
                Set(ref cen, id, Texts.NameCen);
            }
            else if (word.Length >= MinOwnerDigits && AccountId.Parse(word) is { } account)
            {
                Set(ref owner, account, Texts.NameOwner);
            }
            else if (regions.Served.Contains(word))
            {
                Set(ref region, word, Texts.NameRegion);
            }
            else
            {
                wrong.Add(new Phrase(Texts.UnknownWord, i + 2));
            }
        }

        if (cen is null)
        {
            wrong.Add(new Phrase(Texts.MissingCen));
        }

        if (region is null && regions.Default is null)
        {
            wrong.Add(new Phrase(Texts.MissingRegion));
        }

        return wrong.Count == 0
            ? new ChatCommand.Send(new CenTarget(region ?? regions.Default!, cen, owner))
            : new ChatCommand.Mistake(
                [
                    new(Texts.Word, form.Verb),
                    .. cen is null ? [] : new[] { new Phrase(Texts.WordCen, cen) },
                    .. owner is null ? [] : new[] { new Phrase(Texts.WordOwner, owner) },
                    .. region is null ? [] : new[] { new Phrase(Texts.WordRegion, region) },
                ],
                wrong,
                form.Form);

        void Set<T>(ref T? value, T given, Text name)
        {
            if (value is not null && !value.Equals(given))
            {
                wrong.Add(new Phrase(Texts.TwiceGiven, name));
            }

            value ??= given;
        }
    }

    private static WordParser Named(Func<VerificationRef, ChatCommand> command) => (form, words, _) => words switch
    {
        [] => Mistake(form, new Phrase(Texts.MissingRef)),
        [var word] when Reference(word) is { } reference => command(reference),
        [_] => Mistake(form, new Phrase(Texts.BadRef, 2)),
        _ => Mistake(form, new Phrase(Texts.TooManyWords)),
    };

    private static WordParser WithCode<T>(
        Func<string, T?> parse, Text wrong, Func<VerificationRef, T, VerifyCode, ChatCommand> command)
        where T : struct => (form, words, _) => words switch
        {
            [var word, ..] when Reference(word) is null => Mistake(form, new Phrase(Texts.BadRef, 2)),
            [_, var what, ..] when parse(what) is null => Mistake(form, new Phrase(wrong, 3)),
            [_, _, var code, ..] when VerifyCode.Parse(code) is null => Mistake(form, new Phrase(Texts.BadCode, 4)),
            [var word, var what, var code] => command(Reference(word)!.Value, parse(what)!.Value, VerifyCode.Parse(code)!.Value),
            [_, _, _, ..] => Mistake(form, new Phrase(Texts.TooManyWords)),
            _ => Mistake(form, new Phrase(Texts.MissingWords)),
        };

    /// <summary>Only the verb counts as understood: words that changed places may be a code.</summary>
    private static ChatCommand.Mistake Mistake(CommandForm form, Phrase wrong) =>
        new([new Phrase(Texts.Word, form.Verb)], [wrong], form.Form);

    private static VerificationRef? Reference(string word)
    {
        var digits = word.TrimStart('#').ToLowerInvariant();
        return digits.Length is > 0 and <= VerificationIds.RefDigits && digits.All(char.IsAsciiHexDigitLower) ? new VerificationRef(null, digits)
            : Guid.TryParseExact(digits, "D", out var id) ? new VerificationRef(id, "")
            : null;
    }

    /// <summary>A CEN id as it stands, or inside a link to it.</summary>
    private static CenId? CenIn(string word) =>
        (word.Contains("://", StringComparison.Ordinal) ? word.Split('/', '?', '=', '&', '#') : [word])
        .Select(CenId.Parse).FirstOrDefault(id => id is not null);

    /// <summary>A verb is repeated only if it can be nothing but a word.</summary>
    private static Phrase Unknown(string verb)
    {
        const int MaxShown = 20;
        var nearest = Commands.Select(known => known.Verb).MinBy(known => Distance(known, verb))!;
        return verb.Length <= MaxShown && verb.All(char.IsAsciiLetter)
            ? new Phrase(Texts.UnknownVerb, verb, nearest)
            : new Phrase(Texts.UnknownVerbUnnamed, nearest);
    }

    /// <summary>Levenshtein's distance: how many letters have to be changed, put in or taken out.</summary>
    private static int Distance(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substituted = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(substituted, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}

/// <summary>Parses the words after the verb of a command.</summary>
internal delegate ChatCommand WordParser(CommandForm form, IReadOnlyList<string> words, RegionChoice regions);

/// <summary>The regions that a command may name.</summary>
/// <param name="Default">The region if none is named; null if it has to be.</param>
/// <param name="Served">The regions that are served.</param>
internal sealed record RegionChoice(string? Default, Regions Served);

/// <summary>A command.</summary>
/// <param name="Form">How it is typed.</param>
/// <param name="Help">What it does.</param>
/// <param name="Parse">Parses what follows the verb.</param>
internal sealed record CommandForm(string Form, Text Help, WordParser Parse)
{
    public string Verb { get; } = Form.Split(' ')[0];
}
