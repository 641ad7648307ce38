namespace EdsFunctions.Core.Verifications;

/// <summary>A verification: the request to e-mail a code, and its state. Times are in UTC.</summary>
/// <param name="Id">The id. The order of ids is the order of creation.</param>
/// <param name="Ref">
/// A short reference for people and chats: the last digits of the id. Unique among open verifications.
/// </param>
/// <param name="State">The state.</param>
/// <param name="Open">Whether the verification is open.</param>
/// <param name="RegionId">The region.</param>
/// <param name="CenId">The CEN; left out if the request to Alibaba Cloud had none.</param>
/// <param name="CenOwnerId">The account that owns the CEN, masked; left out if the caller owns the CEN.</param>
/// <param name="RequestId">Alibaba Cloud's id of the latest send that it accepted.</param>
/// <param name="SendCount">How many sends were started.</param>
/// <param name="CreatedAt">When the code was first requested.</param>
/// <param name="LastSentAt">When the latest send began, whatever its outcome is.</param>
/// <param name="WaitingSince">When the latest send that may have reached the owner began.</param>
/// <param name="RequestedBy">The person or program that requested the code.</param>
/// <param name="Note">The purpose.</param>
/// <param name="LastFailure">
/// Why Alibaba Cloud did not accept the latest send; left out if it was accepted, or is in progress.
/// </param>
/// <param name="ReportCount">How many reports have named the verification.</param>
/// <param name="LastReportedAt">When a report last named the verification.</param>
/// <param name="ClosedAt">When the verification was closed.</param>
/// <param name="ClosedBy">The person or program that closed the verification.</param>
/// <param name="ClosingNote">The reason for closing.</param>
/// <param name="OfficeSiteId">The office network that the CEN was attached to.</param>
public sealed record VerificationView(
    Guid Id,
    string Ref,
    VerificationState State,
    bool Open,
    string RegionId,
    string? CenId,
    string? CenOwnerId,
    string? RequestId,
    int SendCount,
    DateTime CreatedAt,
    DateTime LastSentAt,
    DateTime WaitingSince,
    string? RequestedBy,
    string? Note,
    FailureView? LastFailure,
    int ReportCount,
    DateTime? LastReportedAt,
    DateTime? ClosedAt,
    string? ClosedBy,
    string? ClosingNote,
    string? OfficeSiteId)
{
    /// <summary>The attachment that is in progress, or whose outcome is not known.</summary>
    public AttachingView? Attaching { get; init; }

    /// <summary>Whether this request sent a code. Only in the response to a request for a code.</summary>
    public bool? Sent { get; init; }

    /// <summary>
    /// The path of the request that resends the code. Only if no code was sent, because a verification was already
    /// open.
    /// </summary>
    public string? Resend { get; init; }

    internal static VerificationView Create(Verification verification) => new(
        verification.Id,
        verification.Ref,
        verification.State,
        verification.IsOpen,
        verification.Target.RegionId,
        verification.Target.CenId,
        verification.Target.CenOwnerId?.ToString(),
        verification.RequestId,
        verification.SendCount,
        verification.CreatedAt.UtcDateTime,
        verification.SendStartedAt.UtcDateTime,
        verification.WaitingSince.UtcDateTime,
        verification.RequestedBy,
        verification.Note,
        FailureView.Create(verification.LastFailure),
        verification.Reported?.Count ?? 0,
        verification.Reported?.At.UtcDateTime,
        verification.ClosedAt?.UtcDateTime,
        verification.ClosedBy,
        verification.ClosingNote,
        verification.OfficeSiteId)
    {
        Attaching = verification.Attaching is { } attempt
            ? new AttachingView(attempt.OfficeSiteId, attempt.StartedAt.UtcDateTime, attempt.By)
            : null,
    };
}

/// <summary>An attachment that is in progress, or whose outcome is not known yet.</summary>
/// <param name="OfficeSiteId">The office network.</param>
/// <param name="StartedAt">When the attachment began, in UTC.</param>
/// <param name="By">The person or program that requested the attachment.</param>
public sealed record AttachingView(string OfficeSiteId, DateTime StartedAt, string? By);

/// <summary>Why Alibaba Cloud did not accept a send.</summary>
/// <param name="Reason">The reason in words.</param>
/// <param name="AlibabaCode">Alibaba Cloud's error code.</param>
/// <param name="RequestId">Alibaba Cloud's id of the request that it rejected.</param>
public sealed record FailureView(string Reason, string? AlibabaCode, string? RequestId)
{
    internal static FailureView? Create(SendFailure? failure) =>
        failure is null ? null : new FailureView(failure.Reason, failure.Error?.Code, failure.Error?.RequestId);
}
