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
        verification.OfficeSiteId);
}

/// <summary>Why the latest send was not accepted.</summary>
internal sealed record FailureView(string Reason, string? AlibabaCode, string? RequestId)
{
    public static FailureView? Of(SendFailure? failure) =>
        failure is null ? null : new FailureView(failure.Reason, failure.Error?.Code, failure.Error?.RequestId);
}
