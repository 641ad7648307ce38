using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.Http;

/// <summary>Reads the body of a signed delivery: the signature is verified over the raw bytes, before any of them is parsed.</summary>
internal static partial class SignedBody
{
    /// <exception cref="ProblemException">The body is too large, or the signature is not valid.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpRequest request, string function, SignatureScheme scheme, SigningKeys keys, TimeProvider time, ILogger logger)
    {
        var body = await RequestBody.ReadRawAsync(request);
        if (scheme.Verify(keys, request.Headers, body.Span, time.GetUtcNow()) is not SignatureCheck.Valid and var check)
        {
            logger.DeliveryRefused(function, check);
            throw new ProblemException(Problems.SignatureInvalid());
        }

        return body;
    }

    [LoggerMessage(400, LogLevel.Warning, "{Function} refused a delivery: {Check}")]
    public static partial void DeliveryRefused(this ILogger logger, string function, SignatureCheck check);
}
