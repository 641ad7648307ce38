namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>What a verification should look like.</summary>
internal sealed record Row
{
    public required int Number { get; init; }

    public required int Target { get; init; }

    public required VerificationState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset SendStartedAt { get; init; }

    public required DateTimeOffset WaitingSince { get; init; }

    public required int SendCount { get; init; }

    public string? Note { get; init; }

    public SendFailureKind? Failure { get; init; }

    public ReportMark? Reported { get; init; }

    /// <summary>The office network of an attachment whose outcome nobody knows, and when it began.</summary>
    public (int Site, DateTimeOffset StartedAt)? Attaching { get; init; }

    public int Checks { get; init; }

    /// <summary>The office networks that the CEN was attached to before, by number; null before anyone looked.</summary>
    public string? Baseline { get; init; }

    /// <summary>The office network that it was attached to in the end.</summary>
    public int? Site { get; init; }

    public bool IsOpen => State is VerificationState.Sending or VerificationState.Pending or VerificationState.Unknown;
}
