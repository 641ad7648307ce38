using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Lists open verifications and recent failures.</summary>
internal sealed record PendingCommand() : ChatCommand("Pending")
{
    /// <summary>How long the command lists a failed send.</summary>
    private static readonly TimeSpan FailedFor = TimeSpan.FromHours(1);

    private static readonly Text Pending = new("Open verifications: {0}", "未关闭的验证：{0} 条");
    private static readonly Text PendingMany = new("Open verifications: the first {0}", "未关闭的验证：前 {0} 条");
    private static readonly Text NothingPending = new("No open verifications", "没有未关闭的验证");
    private static readonly Text FailedLately = new("Not sent in the last hour: {0}", "最近一小时内未发送：{0} 条");

    public static CommandForm Form { get; } = new(
        "pending",
        new Text("{0}: list open verifications", "{0}：列出未关闭的验证"),
        (form, words, _) => words.Count == 0 ? new PendingCommand() : form.Invalid(Texts.TooManyWords));

    public override async Task<Message> RunAsync(CommandContext context)
    {
        var (texts, store) = (context.Localizer, context.Services.Store);
        var current = await store.ListAllCurrentAsync(CancellationToken.None);
        var now = store.UtcNow;
        // A record that the app cannot read may be an open verification, so it is listed.
        var open = current.Where(one => one.Verification is not { IsOpen: false }).ToList();
        var failed = current
            .Where(one => one.Verification is { ClosedAt: { } at } && at >= now - FailedFor)
            .ToList();
        // The latest failed sends may fill half of the list, however many verifications are open.
        var namedFailed = failed.TakeLast(
            Math.Max(CommandContext.MaxListed - open.Count, CommandContext.MaxListed / 2)).ToList();
        var namedOpen = open.Take(CommandContext.MaxListed - namedFailed.Count).ToList();
        return new Message(
            open.Count == 0 ? texts[NothingPending]
                : texts[open.Count > namedOpen.Count ? PendingMany : Pending, namedOpen.Count],
            failed.Count == 0 ? [] : [texts[FailedLately, failed.Count]],
            [.. namedOpen.Concat(namedFailed).Select(one => context.Describe(one, now))]);
    }
}
