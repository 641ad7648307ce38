using EdsFunctions.Core.Http;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP triggers of webhooks, which are signed and have no function key; the work is in <see cref="WebhookEndpoints"/>.</summary>
public sealed class WebhookTriggers(WebhookEndpoints endpoints)
{
    [Function(Functions.SendVerifyCodeWebhook)]
    public Task<IResult> Send(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.SendVerifyCodeWebhook)] HttpRequest request) =>
        endpoints.SendAsync(request);
}
