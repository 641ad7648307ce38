using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Signatures;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>The HTTP side of the webhooks.</summary>
public sealed class WebhookEndpoints(
    SendVerification send,
    IEnumerable<WebhookSender> senders,
    Regions regions,
    TimeProvider time,
    ExceptionFilter filter,
    ILogger<WebhookEndpoints> logger)
{
    /// <summary>For a sender that is to deliver again, if nothing says when.</summary>
    private const int DefaultRetryAfterSeconds = 60;

    private readonly WebhookSender[] senders = [.. senders];

    /// <summary>
    /// Sends a code: POST, signed as one of the senders signs, body as <see cref="SendRequest"/> or a CloudEvent around it.
    /// </summary>
    public async Task<IResult> SendVerifyCodeWebhook(HttpRequest request)
    {
        var result = await filter.RunAsync(request, async cancellationToken =>
        {
            var sender = Array.Find(senders, one => request.Headers.ContainsKey(one.Scheme.SignatureHeader)) ?? senders[0];
            var raw = await RequestBody.ReadRawAsync(request);
            RequestBody.Verify(request, raw, sender.Name, sender.Scheme, sender.Keys, time, logger);
            var body = RequestBody.AsJson(request, raw);
            var errors = new FieldErrors();
            var sendRequest = SendRequest.Read(CloudEventBody.Read(request, body, errors), regions, errors);
            var hash = Convert.ToHexStringLower(SHA256.HashData(raw.Span));
            var key = IdempotencyKey.Create(sender.IdentifyDelivery(request.Headers, hash), sendRequest);
            return ToResponse(await send.RunAsync(sendRequest, key, cancellationToken));
        });
        return result is EndpointResult { Status: >= StatusCodes.Status500InternalServerError } failed ? TryAgain(failed) : result;
    }

    /// <summary>
    /// A sender stops at 2xx, and delivers again after anything else: 2xx is for what was accepted, or may have been.
    /// </summary>
    private static EndpointResult ToResponse(SendVerification.Result result)
    {
        if (result is SendVerification.Result.Sent { Verification: var sent } && MayHaveSent(sent))
        {
            return sent.LastFailure is null
                ? VerificationEndpoints.ToResponse(result)
                : VerificationEndpoints.Show(StatusCodes.Status200OK, sent);
        }

        if (result is SendVerification.Result.Repeated { Verification: var repeated } && MayHaveSent(repeated))
        {
            return VerificationEndpoints.Show(StatusCodes.Status200OK, repeated).AsReplay();
        }

        var answer = VerificationEndpoints.ToResponse(result);
        return answer.Status < StatusCodes.Status300MultipleChoices ? answer : TryAgain(answer);
    }

    private static EndpointResult TryAgain(EndpointResult answer)
    {
        var problem = JsonNode.Parse(answer.Body)!;
        problem["status"] = StatusCodes.Status503ServiceUnavailable;
        return answer with
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Body = problem.ToJsonString(),
            RetryAfterSeconds = answer.RetryAfterSeconds ?? DefaultRetryAfterSeconds,
        };
    }

    private static bool MayHaveSent(Verification verification) =>
        verification.LastFailure is null or { Kind: SendFailureKind.Unknown };
}
