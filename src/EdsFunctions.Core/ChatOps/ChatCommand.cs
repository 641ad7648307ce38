using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps;

/// <summary>What someone asks for in a chat.</summary>
internal abstract record ChatCommand
{
    private ChatCommand(bool changes = false, bool holdsCode = false) => (Changes, HoldsCode) = (changes, holdsCode);

    /// <summary>Whether it changes something, so that not everyone may ask for it.</summary>
    public bool Changes { get; }

    /// <summary>Whether a code was typed: then nobody but who typed it sees the answer, and nothing of what was typed is kept.</summary>
    public bool HoldsCode { get; }

    /// <summary>Send a code.</summary>
    public sealed record Send(CenTarget Target) : ChatCommand(changes: true);

    /// <summary>Send the code of an open verification again.</summary>
    public sealed record Resend(VerificationRef Ref) : ChatCommand(changes: true);

    /// <summary>List what is open.</summary>
    public sealed record Pending : ChatCommand;

    /// <summary>Show one verification.</summary>
    public sealed record Show(VerificationRef Ref) : ChatCommand;

    /// <summary>Close one.</summary>
    /// <param name="Ref">Which.</param>
    /// <param name="State">Completed or cancelled.</param>
    public sealed record Close(VerificationRef Ref, VerificationState State) : ChatCommand(changes: true);

    /// <summary>Check a code and a block of addresses.</summary>
    public sealed record Check(VerificationRef Ref, CidrBlock CidrBlock, VerifyCode Code) : ChatCommand(changes: true, holdsCode: true);

    /// <summary>Attach the CEN to an office network.</summary>
    public sealed record Attach(VerificationRef Ref, OfficeSiteId OfficeSiteId, VerifyCode Code) : ChatCommand(changes: true, holdsCode: true);

    /// <summary>Say what can be asked for.</summary>
    public sealed record Help : ChatCommand;

    /// <summary>It was not understood. None of it is repeated but what was: the rest may be a code that landed in the wrong place.</summary>
    /// <param name="Understood">What was understood of it, in words.</param>
    /// <param name="Wrong">What is wrong with it.</param>
    /// <param name="Right">The right form; null for the list of all.</param>
    public sealed record Mistake(IReadOnlyList<Phrase> Understood, IReadOnlyList<Phrase> Wrong, string? Right) : ChatCommand;
}

/// <summary>How a verification is named in a command: by its id, or by the first digits of its reference.</summary>
/// <param name="Id">The id; null where it is named by its reference.</param>
/// <param name="Prefix">Lower-case hexadecimal digits; empty where it is named by its id.</param>
internal readonly record struct VerificationRef(Guid? Id, string Prefix);

/// <summary>A text with what goes into it, before it has a language.</summary>
internal sealed record Phrase(Text Text, params IReadOnlyList<object> Arguments)
{
    public string In(Localizer texts) => texts[Text, [.. Arguments.Select(argument => argument is Text text ? texts[text] : argument)]];
}
