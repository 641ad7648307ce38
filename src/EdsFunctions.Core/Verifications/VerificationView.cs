namespace EdsFunctions.Core.Verifications;

/// <summary>A verification as a caller sees it: the owner's account id is masked.</summary>
internal sealed record VerificationView(
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

    /// <summary>In the answer to a request for a code: whether an e-mail was sent for it.</summary>
    public bool? Sent { get; init; }

    /// <summary>Where to resend the code, if it was not sent since the verification is open already.</summary>
    public string? Resend { get; init; }

    public static VerificationView Of(Verification verification) => new(
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
        FailureView.Of(verification.LastFailure),
        verification.Reported?.Count ?? 0,
        verification.Reported?.At.UtcDateTime,
        verification.ClosedAt?.UtcDateTime,
        verification.ClosedBy,
        verification.ClosingNote,
        verification.OfficeSiteId)
    {
        Attaching = verification.Attaching is { } attempt ? new AttachingView(attempt.OfficeSiteId, attempt.StartedAt.UtcDateTime, attempt.By) : null,
    };
}

/// <summary>An attachment whose outcome is not known yet.</summary>
internal sealed record AttachingView(string OfficeSiteId, DateTime StartedAt, string? By);


/// <summary>Why the latest send was not accepted.</summary>
internal sealed record FailureView(string Reason, string? AlibabaCode, string? RequestId)
{
    public static FailureView? Of(SendFailure? failure) =>
        failure is null ? null : new FailureView(failure.Reason, failure.Error?.Code, failure.Error?.RequestId);
}
