using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Signatures;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>The HTTP endpoint of the webhooks.</summary>
public sealed class WebhookEndpoints(
    SendVerification send,
    IEnumerable<WebhookSender> senders,
    Regions regions,
    TimeProvider time,
    DeliveryChecks checks,
    ExceptionFilter filter)
{
    private const int DefaultRetryAfterSeconds = 60;

    private readonly WebhookSender[] senders = [.. senders];

    /// <summary>Sends a code for a signed <see cref="SendRequest"/>, which may be the data of a CloudEvent.</summary>
    public async Task<IResult> SendVerifyCodeWebhook(HttpRequest request)
    {
        var result = await filter.RunAsync(request, async cancellationToken =>
        {
            var signer = Array.Find(senders, each => each.HasSignature(request.Headers));
            var sender = signer ?? senders[0];
            if (signer is not null)
            {
                checks.RequireOpen(sender.SecretsSection, sender.Name);
            }

            var raw = await RequestBody.ReadRawAsync(request);
            checks.RequireValid(sender.Verify(request.Headers, raw.Span, time.GetUtcNow()), sender.Name);
            if (WebhookPing.IsPing(request, raw))
            {
                return new EndpointResult(StatusCodes.Status200OK, "application/json; charset=utf-8", "{}");
            }

            var body = RequestBody.RequireJson(request, raw);
            var sendRequest = SendRequest.Read(CloudEventBody.Read(request, body), regions, new FieldErrors());
            var hash = Convert.ToHexStringLower(SHA256.HashData(raw.Span));
            var key = IdempotencyKey.Create(sender.IdentifyDelivery(request.Headers, hash), sendRequest);
            return ToResponse(await send.RunAsync(sendRequest, key, cancellationToken));
        });
        return result is EndpointResult { Status: >= StatusCodes.Status500InternalServerError } failed
            ? ToRetryable(failed)
            : result;
    }

    /// <summary>
    /// Creates the response to a delivery. A sender delivers again unless the status is 2xx, so the status is 2xx if
    /// Alibaba accepted the request, or may have accepted it.
    /// </summary>
    private static EndpointResult ToResponse(SendVerification.Result result)
    {
        if (result is SendVerification.Result.Sent { Verification: var sent } && MayHaveSent(sent))
        {
            return sent.LastFailure is null
                ? VerificationResponses.Create(result)
                : VerificationResponses.Show(StatusCodes.Status200OK, sent);
        }

        if (result is SendVerification.Result.Repeated { Repeat.Verification: { } repeated } && MayHaveSent(repeated))
        {
            return VerificationResponses.Show(StatusCodes.Status200OK, repeated).AsReplay();
        }

        var response = VerificationResponses.Create(result);
        return response.Status < StatusCodes.Status300MultipleChoices ? response : ToRetryable(response);
    }

    /// <summary>Changes the response to 503 with Retry-After, so that the sender delivers again.</summary>
    private static EndpointResult ToRetryable(EndpointResult response)
    {
        var problem = JsonNode.Parse(response.Body)!;
        problem["status"] = StatusCodes.Status503ServiceUnavailable;
        return response with
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Body = problem.ToJsonString(),
            RetryAfterSeconds = response.RetryAfterSeconds ?? DefaultRetryAfterSeconds,
        };
    }

    private static bool MayHaveSent(Verification verification) =>
        verification.LastFailure is null or { Kind: SendFailureKind.Unknown };
}
