namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Log messages of the calls to Alibaba (11x) and of the credentials (20x). None takes a secret, a code, a whole account id, or a text
/// of the vendor's.
/// </summary>
internal static partial class EcdLog
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
}
