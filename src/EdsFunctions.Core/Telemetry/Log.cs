using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Reporting.Channels;
using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.Telemetry;

/// <summary>
/// Every log message of the app. Event ids are stable: 1xx sends, 2xx credentials, 3xx report, 4xx chats and webhooks, 9xx failures of our
/// own. No message takes a secret, a code, a whole account id or a text of the vendor's.
/// </summary>
internal static partial class Log
{
    public static void EcdCallEnded(
        this ILogger logger, string action, string regionId, EcdOutcome outcome, int attempts, TimeSpan elapsed)
    {
        switch (outcome)
        {
            case EcdOutcome.Accepted accepted:
                logger.EcdAccepted(action, regionId, accepted.RequestId, attempts, elapsed.TotalMilliseconds);
                break;
            case EcdOutcome.Rejected { Error: var error }:
                logger.EcdRejected(action, regionId, error.Code, error.HttpStatus, error.RequestId, error.MissingAction, attempts);
                break;
            case EcdOutcome.NotSent notSent:
                logger.EcdNotSent(action, regionId, notSent.Reason, attempts);
                break;
            case EcdOutcome.Unknown unknown:
                logger.EcdUnknown(action, regionId, unknown.Reason, unknown.Error?.RequestId, attempts);
                break;
        }
    }

    [LoggerMessage(100, LogLevel.Information,
        "Recorded send {SendCount} of verification {VerificationId}: {CenId} in {RegionId}, owner {CenOwner}")]
    public static partial void SendRecorded(
        this ILogger logger, Guid verificationId, string regionId, string? cenId, AccountId? cenOwner, int sendCount);

    [LoggerMessage(101, LogLevel.Information, "Verification {VerificationId} is {State}, Alibaba request {RequestId}")]
    public static partial void SendSettled(this ILogger logger, Guid verificationId, VerificationState state, string? requestId);

    [LoggerMessage(102, LogLevel.Warning,
        "Alibaba's answer ({Outcome}, request {RequestId}) to verification {VerificationId} came after it was {State}, which it stays")]
    public static partial void AnswerCameTooLate(
        this ILogger logger, Guid verificationId, string outcome, string? requestId, VerificationState state);

    [LoggerMessage(103, LogLevel.Warning, "The timer turned verification {VerificationId} from {From} to {To}")]
    public static partial void StateChangedByTimer(this ILogger logger, Guid verificationId, VerificationState from, VerificationState to);

    [LoggerMessage(104, LogLevel.Information, "The attachment of verification {VerificationId} to {OfficeSiteId} is settled: it is {State}")]
    public static partial void AttachSettled(this ILogger logger, Guid verificationId, string officeSiteId, VerificationState state);

    [LoggerMessage(105, LogLevel.Information, "Verification {VerificationId} was found attached to {OfficeSiteId}, and is completed")]
    public static partial void FoundAttached(this ILogger logger, Guid verificationId, string officeSiteId);

    [LoggerMessage(106, LogLevel.Warning,
        "The office networks of {RegionId} could not be read ({Outcome}), missing permission {MissingAction}; nothing is completed there")]
    public static partial void RegionNotReconciled(this ILogger logger, string regionId, string outcome, string? missingAction);

    [LoggerMessage(110, LogLevel.Information,
        "{Action} in {RegionId} was accepted as {RequestId} (attempts: {Attempts}, {ElapsedMs:0} ms)")]
    private static partial void EcdAccepted(
        this ILogger logger, string action, string regionId, string requestId, int attempts, double elapsedMs);

    [LoggerMessage(111, LogLevel.Warning,
        "{Action} in {RegionId} was refused: {Code} (HTTP {Status}), request {RequestId}, missing permission {MissingAction} " +
        "(attempts: {Attempts})")]
    private static partial void EcdRejected(
        this ILogger logger,
        string action,
        string regionId,
        string code,
        int status,
        string? requestId,
        string? missingAction,
        int attempts);

    [LoggerMessage(112, LogLevel.Warning, "{Action} in {RegionId} was not sent: {Reason} (attempts: {Attempts})")]
    private static partial void EcdNotSent(this ILogger logger, string action, string regionId, string reason, int attempts);

    [LoggerMessage(113, LogLevel.Warning,
        "{Action} in {RegionId} has an unknown outcome: {Reason}, request {RequestId} (attempts: {Attempts})")]
    private static partial void EcdUnknown(
        this ILogger logger, string action, string regionId, string reason, string? requestId, int attempts);

    [LoggerMessage(200, LogLevel.Information, "The credentials in the secret {SecretName} have changed")]
    public static partial void CredentialsChanged(this ILogger logger, string secretName);

    [LoggerMessage(201, LogLevel.Warning, "Serving credentials that were read {Age} ago: {Reason}")]
    public static partial void ServingStaleCredentials(this ILogger logger, TimeSpan age, string reason);

    [LoggerMessage(202, LogLevel.Error, "The credentials could not be read: {Reason}")]
    public static partial void VaultReadFailed(this ILogger logger, string reason);

    [LoggerMessage(300, LogLevel.Warning,
        "Verifications that wait too long: {Stale}, the oldest for {Oldest}; to be said now: {Due}, +{More} more\n{Items}")]
    public static partial void StaleVerifications(this ILogger logger, int stale, string oldest, int due, int more, string items);

    [LoggerMessage(301, LogLevel.Error, "The report failed")]
    public static partial void ReportFailed(this ILogger logger, Exception exception);

    [LoggerMessage(310, LogLevel.Error, "The report channel {Channel} ({Kind}) did not take {Notice}: {Reason}")]
    public static partial void ReportNotDelivered(
        this ILogger logger, string channel, ReportChannelKind kind, string notice, string reason);

    [LoggerMessage(311, LogLevel.Warning, "The heartbeat was not taken: {Reason}")]
    public static partial void HeartbeatFailed(this ILogger logger, string reason);

    [LoggerMessage(400, LogLevel.Warning, "{Function} refused a delivery: {Check}")]
    public static partial void DeliveryRefused(this ILogger logger, string function, SignatureCheck check);

    [LoggerMessage(401, LogLevel.Error, "The command {Command} from {Platform} failed")]
    public static partial void CommandFailed(this ILogger logger, Exception exception, string command, string platform);

    [LoggerMessage(402, LogLevel.Warning, "What came of a command could not be said to {Platform} later: {Failure}")]
    public static partial void FollowUpFailed(this ILogger logger, string platform, string failure);

    [LoggerMessage(900, LogLevel.Error,
        "The answer ({Outcome}, request {RequestId}) to verification {VerificationId} could not be recorded; the timer will find it")]
    public static partial void SettleFailed(
        this ILogger logger, Exception? exception, Guid verificationId, string outcome, string? requestId);

    [LoggerMessage(905, LogLevel.Error,
        "How the attachment of verification {VerificationId} ended ({Outcome}) could not be recorded; the next look will find it")]
    public static partial void AttachNotRecorded(this ILogger logger, Exception exception, Guid verificationId, string? outcome);

    [LoggerMessage(904, LogLevel.Warning, "The answer to verification {VerificationId} is recorded anew after {Failure}")]
    public static partial void SettleTriedAgain(this ILogger logger, Guid verificationId, string failure);

    [LoggerMessage(901, LogLevel.Warning, "The answer could not be kept for repeats of the request")]
    public static partial void AnswerNotRemembered(this ILogger logger, Exception exception);

    [LoggerMessage(902, LogLevel.Error, "{Function} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string function);

    [LoggerMessage(903, LogLevel.Warning, "The app is not healthy: {Reason}")]
    public static partial void Unhealthy(this ILogger logger, string reason);
}
