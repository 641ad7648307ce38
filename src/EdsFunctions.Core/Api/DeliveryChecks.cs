using EdsFunctions.Core.Signatures;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Api;

/// <summary>
/// Rejects a delivery of a chat platform or webhook sender if its signature is invalid, or if the app has no valid
/// secret to check the signature with.
/// </summary>
public sealed partial class DeliveryChecks(
    ClosedSections closed, DeliveryMetrics metrics, TelemetryFlush telemetry, ILogger<DeliveryChecks> logger)
{
    /// <param name="section">The section of the configuration that has the secrets of the sender.</param>
    /// <param name="sender">The platform or the kind of sender.</param>
    /// <exception cref="ProblemException">The section is closed, because one of its secrets is invalid.</exception>
    internal void RequireOpen(string section, string sender)
    {
        if (closed.FindError(section) is { } error)
        {
            metrics.RecordClosed(sender);
            DeliveryToClosedPlatform(sender, section, error);
            telemetry.RunSoon();
            throw new ProblemException(Problems.PlatformClosed(error));
        }
    }

    /// <param name="check">The result of the check of the signature over the raw bytes of a delivery.</param>
    /// <param name="sender">The platform or the kind of sender.</param>
    /// <exception cref="ProblemException">The signature is invalid.</exception>
    internal void RequireValid(SignatureCheck check, string sender)
    {
        metrics.RecordCheck(sender, check);
        if (check != SignatureCheck.Valid)
        {
            DeliveryRefused(sender, check);
            telemetry.RunSoon();
            throw new ProblemException(Problems.SignatureInvalid());
        }
    }

    [LoggerMessage(
        400,
        LogLevel.Warning,
        "A delivery from {Sender} was rejected: its signature check returned {Check}. Check the signing secret "
        + "and the sender's clock")]
    private partial void DeliveryRefused(string sender, SignatureCheck check);

    [LoggerMessage(
        404,
        LogLevel.Error,
        "A delivery from {Sender} was rejected, because a secret of {Section} is invalid: {Error}")]
    private partial void DeliveryToClosedPlatform(string sender, string section, string error);
}
