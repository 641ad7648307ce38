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
    public static partial void SendCompleted(
        this ILogger logger, Guid verificationId, VerificationState state, string? requestId);

    [LoggerMessage(102, LogLevel.Warning,
        "Ignored Alibaba's response ({Outcome}, request {RequestId}) to verification {VerificationId}: " +
        "it came too late, the verification is {State}")]
    public static partial void LateResponseIgnored(
        this ILogger logger, Guid verificationId, string outcome, string? requestId, VerificationState state);

    [LoggerMessage(104, LogLevel.Information,
        "Applied the outcome of attaching verification {VerificationId} to {OfficeSiteId}: it is {State}")]
    public static partial void AttachmentCompleted(
        this ILogger logger, Guid verificationId, string officeSiteId, VerificationState state);

    [LoggerMessage(107, LogLevel.Warning,
        "The outcome of a write of verification {VerificationId} is unknown ({Failure}); reading it back")]
    public static partial void WriteOutcomeUnknown(this ILogger logger, Guid verificationId, string failure);

    [LoggerMessage(901, LogLevel.Warning, "The response to a request could not be stored for its repeats")]
    public static partial void ResponseNotSaved(this ILogger logger, Exception exception);

    [LoggerMessage(904, LogLevel.Warning,
        "The outcome of sending verification {VerificationId} could not be recorded ({Failure}); retrying")]
    public static partial void RecordingRetried(this ILogger logger, Guid verificationId, string failure);

    [LoggerMessage(900, LogLevel.Error,
        "The outcome ({Outcome}, request {RequestId}) of sending verification {VerificationId} could not be " +
        "recorded. Retrying for some minutes; after that the timer times the send out. Check the store")]
    public static partial void RecordingFailed(
        this ILogger logger, Exception? exception, Guid verificationId, string outcome, string? requestId);

    [LoggerMessage(905, LogLevel.Error,
        "The outcome ({Outcome}) of attaching verification {VerificationId} could not be recorded; " +
        "it is read from Alibaba's list later. Check the store")]
    public static partial void AttachNotRecorded(
        this ILogger logger, Exception exception, Guid verificationId, string? outcome);
}
