using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Api;

/// <summary>Refuses deliveries without a valid signature.</summary>
internal static partial class DeliveryCheck
{
    /// <param name="check">The result of the check of the signature over the raw bytes of a delivery.</param>
    /// <param name="sender">The sender.</param>
    /// <param name="logger">Receives the reason.</param>
    /// <exception cref="ProblemException">The signature is invalid.</exception>
    public static void RequireValid(SignatureCheck check, string sender, ILogger logger)
    {
        if (check != SignatureCheck.Valid)
        {
            logger.DeliveryRefused(sender, check);
            throw new ProblemException(Problems.SignatureInvalid());
        }
    }

    [LoggerMessage(
        400,
        LogLevel.Warning,
        "A delivery from {Sender} was rejected: its signature check returned {Check}. Check the signing secret "
        + "and the sender's clock")]
    public static partial void DeliveryRefused(this ILogger logger, string sender, SignatureCheck check);
}
