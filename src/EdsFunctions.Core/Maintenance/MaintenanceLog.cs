using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>Log messages of the timer's steps. Event ids are stable.</summary>
internal static partial class MaintenanceLog
{
    [LoggerMessage(103, LogLevel.Warning, "The timer changed verification {VerificationId} from {From} to {To}")]
    public static partial void StateChangedByTimer(
        this ILogger logger, Guid verificationId, VerificationState from, VerificationState to);

    [LoggerMessage(105, LogLevel.Information,
        "Completed verification {VerificationId}: its CEN is attached to {OfficeSiteId}")]
    public static partial void FoundAttached(this ILogger logger, Guid verificationId, string officeSiteId);

    [LoggerMessage(106, LogLevel.Warning,
        "The office networks of {RegionId} could not be read ({Outcome}), missing permission {MissingAction}: " +
        "no verification there is completed. The next run tries again")]
    public static partial void RegionNotReconciled(
        this ILogger logger, string regionId, string outcome, string? missingAction);

    [LoggerMessage(109, LogLevel.Warning,
        "The attachment to {OfficeSiteId} could complete any of {Count} verifications, and completes none. " +
        "Close the right one")]
    public static partial void AttachmentIsAmbiguous(this ILogger logger, string officeSiteId, int count);
}
