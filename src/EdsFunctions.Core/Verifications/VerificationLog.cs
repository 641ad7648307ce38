using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>Log messages about verifications. Event ids are stable.</summary>
internal static partial class VerificationLog
{
    [LoggerMessage(100, LogLevel.Information,
        "Recorded send {SendCount} of verification {VerificationId}: {CenId} in {RegionId}, owner {CenOwner}")]
    public static partial void SendRecorded(
        this ILogger logger, Guid verificationId, string regionId, string? cenId, AccountId? cenOwner, int sendCount);

    [LoggerMessage(101, LogLevel.Information, "Verification {VerificationId} is {State}, Alibaba request {RequestId}")]
    public static partial void SendCompleted(this ILogger logger, Guid verificationId, VerificationState state, string? requestId);

    [LoggerMessage(102, LogLevel.Warning,
        "Alibaba's answer ({Outcome}, request {RequestId}) to verification {VerificationId} came after it was {State}, which it stays")]
    public static partial void LateResponseIgnored(
        this ILogger logger, Guid verificationId, string outcome, string? requestId, VerificationState state);

    [LoggerMessage(103, LogLevel.Warning, "The timer turned verification {VerificationId} from {From} to {To}")]
    public static partial void StateChangedByTimer(this ILogger logger, Guid verificationId, VerificationState from, VerificationState to);

    [LoggerMessage(104, LogLevel.Information, "The attachment of verification {VerificationId} to {OfficeSiteId} is settled: it is {State}")]
    public static partial void AttachmentCompleted(this ILogger logger, Guid verificationId, string officeSiteId, VerificationState state);

    [LoggerMessage(105, LogLevel.Information, "Verification {VerificationId} was found attached to {OfficeSiteId}, and is completed")]
    public static partial void FoundAttached(this ILogger logger, Guid verificationId, string officeSiteId);

    [LoggerMessage(106, LogLevel.Warning,
        "The office networks of {RegionId} could not be read ({Outcome}), missing permission {MissingAction}; nothing is completed there")]
    public static partial void RegionNotReconciled(this ILogger logger, string regionId, string outcome, string? missingAction);

    [LoggerMessage(107, LogLevel.Warning,
        "The outcome of a write of verification {VerificationId} is unknown ({Failure}); it is read back")]
    public static partial void WriteOutcomeUnknown(this ILogger logger, Guid verificationId, string failure);

    [LoggerMessage(108, LogLevel.Error,
        "The record of verification {VerificationId} cannot be read ({Failure}). It may be from a newer version of the app: update this one")]
    public static partial void RecordUnreadable(this ILogger logger, Guid verificationId, string failure);

    [LoggerMessage(109, LogLevel.Warning,
        "The attachment to {OfficeSiteId} could complete {Count} verifications, and completes none. Close the right one")]
    public static partial void AttachmentIsAmbiguous(this ILogger logger, string officeSiteId, int count);

    [LoggerMessage(901, LogLevel.Warning, "The answer could not be kept for repeats of the request")]
    public static partial void ResponseNotSaved(this ILogger logger, Exception exception);

    [LoggerMessage(904, LogLevel.Warning, "The answer to verification {VerificationId} is recorded anew after {Failure}")]
    public static partial void RecordingRetried(this ILogger logger, Guid verificationId, string failure);

    [LoggerMessage(900, LogLevel.Error,
        "The answer ({Outcome}, request {RequestId}) to verification {VerificationId} could not be recorded; that is tried again for a while, and then the timer times it out")]
    public static partial void RecordingFailed(
        this ILogger logger, Exception? exception, Guid verificationId, string outcome, string? requestId);

    [LoggerMessage(905, LogLevel.Error,
        "How the attachment of verification {VerificationId} ended ({Outcome}) could not be recorded; the next look will find it")]
    public static partial void AttachNotRecorded(this ILogger logger, Exception exception, Guid verificationId, string? outcome);
}
