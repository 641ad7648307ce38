namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Log messages about calls to Alibaba (event ids 110 to 113) and about the Alibaba access key (200 to 202). No message
/// contains a secret, a code, a whole account id, or text from Alibaba's response.
/// </summary>
internal static partial class EcdLog
{
    public static void EcdCallEnded<T>(
        this ILogger logger, string action, string regionId, EcdOutcome<T> outcome, int attempts, TimeSpan elapsed)
        where T : EcdResponse
    {
        var log = outcome.Match<Action>(
            response => () =>
                logger.EcdAccepted(action, regionId, response.RequestId, attempts, elapsed.TotalMilliseconds),
            failure => failure.Match<Action>(
                rejected => () => logger.EcdRejected(action, regionId, rejected.Error.Code, rejected.Error.HttpStatus,
                    rejected.Error.RequestId, rejected.Error.MissingAction, attempts),
                notSent => () => logger.EcdNotSent(action, regionId, notSent.Reason, attempts),
                unknown => () =>
                    logger.EcdUnknown(action, regionId, unknown.Reason, unknown.Error?.RequestId, attempts)));
        log();
    }

    [LoggerMessage(110, LogLevel.Information,
        "Alibaba accepted the call {Action} in {RegionId}, request {RequestId} " +
        "(attempts: {Attempts}, {ElapsedMs:0} ms)")]
    private static partial void EcdAccepted(
        this ILogger logger, string action, string regionId, string requestId, int attempts, double elapsedMs);

    [LoggerMessage(111, LogLevel.Warning,
        "Alibaba rejected the call {Action} in {RegionId}: {Code} (HTTP {Status}), request {RequestId}, " +
        "missing permission {MissingAction} (attempts: {Attempts})")]
    private static partial void EcdRejected(
        this ILogger logger,
        string action,
        string regionId,
        string code,
        int status,
        string? requestId,
        string? missingAction,
        int attempts);

    [LoggerMessage(112, LogLevel.Warning,
        "The call {Action} in {RegionId} did not reach Alibaba: {Reason} (attempts: {Attempts})")]
    private static partial void EcdNotSent(
        this ILogger logger, string action, string regionId, string reason, int attempts);

    [LoggerMessage(113, LogLevel.Warning,
        "It is unknown whether Alibaba carried out the call {Action} in {RegionId}: {Reason}, request {RequestId} " +
        "(attempts: {Attempts})")]
    private static partial void EcdUnknown(
        this ILogger logger, string action, string regionId, string reason, string? requestId, int attempts);

    [LoggerMessage(200, LogLevel.Information,
        "The secret {SecretName} has a new Alibaba access key, and the app uses it from now on")]
    public static partial void CredentialsChanged(this ILogger logger, string secretName);

    [LoggerMessage(201, LogLevel.Warning,
        "The Alibaba access key could not be read again, so the app uses the one that it read {Age} ago: {Reason}")]
    public static partial void ServingStaleCredentials(this ILogger logger, TimeSpan age, string reason);

    [LoggerMessage(202, LogLevel.Error, "The Alibaba access key could not be read: {Reason}")]
    public static partial void VaultReadFailed(this ILogger logger, string reason);
}
