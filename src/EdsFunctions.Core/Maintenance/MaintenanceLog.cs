using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>Log messages of the steps of the timer. Their event ids never change.</summary>
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
        "this run completes no verification of this region. The next run tries again")]
    public static partial void RegionNotReconciled(
        this ILogger logger, string regionId, string outcome, string? missingAction);

    [LoggerMessage(109, LogLevel.Warning,
        "The new attachment to {OfficeSiteId} could belong to any of {Count} open verifications, so none of them is " +
        "completed. Close the right one")]
    public static partial void AttachmentIsAmbiguous(this ILogger logger, string officeSiteId, int count);
}
