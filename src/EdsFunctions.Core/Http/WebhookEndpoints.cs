using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.Http;

/// <summary>The HTTP side of the webhooks.</summary>
public sealed class WebhookEndpoints(
    VerificationService verifications,
    IOptions<WebhookOptions> options,
    TimeProvider time,
    EndpointGuard guard,
    ILogger<WebhookEndpoints> logger)
{
    private readonly SigningKeys standardKeys = SigningKeys.OfStandardWebhooks(options.Value.StandardSecrets);
    private readonly SigningKeys gitHubKeys = SigningKeys.OfText(options.Value.GitHubSecrets);

    /// <summary>
    /// Sends a code: POST, signed as a Standard Webhook or as GitHub does, body as <see cref="SendRequest"/> or a CloudEvent around it. The
    /// id of the delivery is its idempotency key.
    /// </summary>
    public Task<IResult> SendAsync(HttpRequest request) =>
        guard.RunAsync(Functions.SendVerifyCodeWebhook, request, async cancellationToken =>
        {
            var isGitHub = request.Headers.ContainsKey(SignatureSchemes.GitHub.SignatureHeader)
                && !request.Headers.ContainsKey(StandardWebhooksHeaders.Signature);
            var (scheme, keys) = isGitHub
                ? (SignatureSchemes.GitHub, gitHubKeys)
                : (SignatureSchemes.StandardWebhooks, standardKeys);
            var raw = await RequestBody.ReadSignedAsync(request, Functions.SendVerifyCodeWebhook, scheme, keys, time, logger);
            var body = RequestBody.AsJson(request, raw);
            var errors = new FieldErrors();
            var delivery = isGitHub
                ? DeliveryId("X-GitHub-Delivery", "github", request, errors)
                : DeliveryId(StandardWebhooksHeaders.Id, "standard", request, errors);
            var command = SendRequest.Read(CloudEventBody.Read(request, body, errors), errors);
            var key = IdempotencyKey.Of(delivery!, command);
            var result = await verifications.SendAsync(command, key, cancellationToken);
            return result is SendResult.Repeated repeated
                // Whatever became of it: a sender would deliver anything else than a 2xx again.
                ? VerificationEndpoints.Show(StatusCodes.Status200OK, repeated.Verification).AsReplay()
                : VerificationEndpoints.AnswerTo(result);
        });

    /// <summary>Contains spaces, so that it is different from every idempotency key of a caller.</summary>
    private static string? DeliveryId(string header, string scheme, HttpRequest request, FieldErrors errors)
    {
        if (request.Headers[header] is [{ Length: > 0 and <= SignatureScheme.MaxIdLength } id])
        {
            return $"webhook {scheme} {id}";
        }

        errors.Add(header, $"must be one text of 1 to {SignatureScheme.MaxIdLength} characters");
        return null;
    }
}
