using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>Log messages about verifications. Their event ids never change.</summary>
internal static partial class VerificationLog
{
    [LoggerMessage(100, LogLevel.Information,
        "Recorded send {SendCount} of verification {VerificationId}: CEN {CenId} in {RegionId}, owner {CenOwner}")]
    public static partial void SendRecorded(
        this ILogger logger, Guid verificationId, string regionId, string? cenId, AccountId? cenOwner, int sendCount);

    [LoggerMessage(101, LogLevel.Information,
        "Verification {VerificationId} is {State} after its send, Alibaba request {RequestId}")]
    public static partial void SendCompleted(
        this ILogger logger, Guid verificationId, VerificationState state, string? requestId);

    [LoggerMessage(102, LogLevel.Warning,
        "Ignored Alibaba's response ({Outcome}, request {RequestId}) to a send of verification {VerificationId}: " +
        "the response came too late, and the verification is {State}")]
    public static partial void LateResponseIgnored(
        this ILogger logger, Guid verificationId, string outcome, string? requestId, VerificationState state);

    [LoggerMessage(104, LogLevel.Information,
        "Verification {VerificationId} is {State} after the attachment of its CEN to {OfficeSiteId}")]
    public static partial void AttachmentCompleted(
        this ILogger logger, Guid verificationId, string officeSiteId, VerificationState state);

    [LoggerMessage(107, LogLevel.Warning,
        "It is unknown whether a write of verification {VerificationId} succeeded ({Failure}). The app reads the " +
        "record to find out")]
    public static partial void WriteOutcomeUnknown(this ILogger logger, Guid verificationId, string failure);

    [LoggerMessage(901, LogLevel.Warning,
        "The response to a request could not be stored with its idempotency key. A repeat gets a response made from " +
        "the record")]
    public static partial void ResponseNotSaved(this ILogger logger, Exception exception);

    [LoggerMessage(904, LogLevel.Warning,
        "The outcome of a send of verification {VerificationId} could not be recorded ({Failure}). The app tries " +
        "again")]
    public static partial void RecordingRetried(this ILogger logger, Guid verificationId, string failure);

    [LoggerMessage(900, LogLevel.Error,
        "The outcome ({Outcome}, request {RequestId}) of a send of verification {VerificationId} could not be " +
        "recorded. The app tries again for some minutes; then the timer sets the verification to unknown. Check the " +
        "store")]
    public static partial void RecordingFailed(
        this ILogger logger, Exception? exception, Guid verificationId, string outcome, string? requestId);

    [LoggerMessage(905, LogLevel.Error,
        "The outcome ({Outcome}) of attaching the CEN of verification {VerificationId} could not be recorded. The " +
        "app looks the attachment up in Alibaba's list of office networks later. Check the store")]
    public static partial void AttachNotRecorded(
        this ILogger logger, Exception exception, Guid verificationId, string? outcome);
}
