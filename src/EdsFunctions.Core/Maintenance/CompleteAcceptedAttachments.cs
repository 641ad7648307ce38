using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>Completes verifications whose attachment Alibaba has accepted, once its list shows it.</summary>
public sealed class CompleteAcceptedAttachments(Attachments attachments)
{
    internal Task RunAsync(IReadOnlyList<Verification> current, CancellationToken cancellationToken) => EachItem.RunAsync(
        current.Where(one => one is { IsOpen: true, Attaching.AcceptedAt: not null }),
        attachments.CompleteAcceptedAsync,
        cancellationToken);
}
