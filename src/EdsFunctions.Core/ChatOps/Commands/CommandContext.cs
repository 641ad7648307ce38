using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>The services that commands call.</summary>
public sealed record CommandServices(
    SendVerification Send,
    ResendVerification Resend,
    CloseVerification Close,
    CheckCen Check,
    AttachToOfficeSite Attach,
    RepeatedRequests Repeats,
    IVerificationStore Store);

/// <summary>
/// What a command needs to run: the services, the caller and the texts. Also creates the replies that several commands
/// share.
/// </summary>
/// <param name="services">The services.</param>
/// <param name="texts">The texts, in the language of the chats.</param>
/// <param name="key">The idempotency key, made from the id of the delivery.</param>
/// <param name="caller">The name of the user who typed the command.</param>
/// <param name="recorded">The command calls this function with the verification when it has recorded a send.</param>
internal sealed class CommandContext(
    CommandServices services, Localizer texts, IdempotencyKey key, string caller, Action<Verification> recorded)
{
    /// <summary>The maximum number of verifications that a reply lists.</summary>
    public const int MaxListed = 20;

    public CommandServices Services => services;

    public Localizer Localizer => texts;

    public IdempotencyKey Key => key;

    public string Caller => caller;

    public Action<Verification> Recorded => recorded;

    /// <summary>The verification that the command named; null until it is found.</summary>
    public Verification? Found { get; private set; }

    /// <summary>
    /// Finds the verification that a reference means, and continues with it. If there is none, or more than one,
    /// returns a reply that says so.
    /// </summary>
    public async Task<Message> FindAsync(VerificationRef reference, Func<Verification, Task<Message>> then)
    {
        if (reference.Id is { } id)
        {
            return await services.Store.GetAsync(id, CancellationToken.None) is { } named
                ? await ContinueAsync(named)
                : new Message(texts[Texts.NoSuchVerification]);
        }

        var found = await services.Store.FindByRefAsync(reference.Prefix, MaxListed, CancellationToken.None);
        var open = found.Where(one => one.Verification is not { IsOpen: false }).ToArray();
        var now = services.Store.UtcNow;
        // A list with the maximum number of items may be incomplete, so it cannot show that only one open verification
        // matches.
        return (open.Length > 0 && found.Count < MaxListed ? open : found) switch
        {
            // The reply does not repeat the reference that the user typed, because it may be a code in the wrong place.
            [] => new Message(texts[Texts.NotFound]),
            [{ Verification: { } one }] => await ContinueAsync(one),
            [{ Id: var unreadable }] => new Message(texts[Texts.Unreadable, unreadable]),
            var more => new Message(texts[Texts.Ambiguous], [], [.. more.Select(one => Describe(one, now))]),
        };

        Task<Message> ContinueAsync(Verification verification)
        {
            Found = verification;
            return then(verification);
        }
    }

    public Message ReplyAbout(string headline, Verification verification, params IReadOnlyList<string> lines) =>
        new(headline, lines, [texts.Describe(verification, services.Store.UtcNow)]);

    public Message ReplyRepeated(Verification verification) => ReplyAbout(texts[Texts.AlreadyRun], verification);

    public Message ReplyAlreadyClosed(Verification verification) =>
        ReplyAbout(texts[Texts.AlreadyClosed, verification.Ref], verification);

    public MessageItem Describe(StoredVerification stored, DateTimeOffset now) =>
        stored.Verification is { } verification
            ? texts.Describe(verification, now)
            : new MessageItem(texts[Texts.Unreadable, stored.Id], []);

    public string TryAgainIn(TimeSpan wait) => texts[Texts.TryAgainIn, texts.Duration(wait)];

    public string DescribeError(EcdError error) =>
        texts[Texts.RejectedWith, PlainText.Sanitize(error.Code), PlainText.Sanitize(error.RequestId ?? "-")];
}
