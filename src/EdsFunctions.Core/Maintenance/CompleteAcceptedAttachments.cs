using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// A step of the timer. Completes the verifications whose attachment Alibaba Cloud accepted earlier, and now lists as
/// complete.
/// </summary>
public sealed class CompleteAcceptedAttachments(IVerificationStore store, Attachments attachments, SendRules rules)
{
    internal Task RunAsync(
        IReadOnlyList<Verification> current, CancellationToken cancellationToken) => EachItem.RunAsync(
        current.Where(verification => verification is { IsOpen: true, Attaching.AcceptedAt: not null }),
        async open =>
        {
            var attempt = open.Attaching!;
            var status = await attachments.GetStatusAsync(open.Target, attempt.OfficeSiteId);
            if (status == AttachmentStatus.Attached)
            {
                await attachments.CompleteAsync(open, attempt);
            }
            else if (!open.IsAttachInProgress(store.UtcNow, rules) && status == AttachmentStatus.NotAttached)
            {
                await attachments.ReleaseAsync(open, attempt, new EcdFailure.NotSent("Alibaba lists no attachment"));
            }
        },
        cancellationToken);
}
