using EdsFunctions.Core.Http;

namespace EdsFunctions.DevHost;

/// <summary>Maps every function to its route, as the triggers of the Functions app do; a test holds the two against each other.</summary>
internal static class FunctionMap
{
    public static void MapEdsFunctions(this IEndpointRouteBuilder app)
    {
        app.MapFunction<VerificationEndpoints>(Functions.SendVerifyCode, "POST", Routes.Verifications, KeyLevel.Function,
            (endpoints, request) => endpoints.SendAsync(request));
        app.MapFunction<VerificationEndpoints>(Functions.ListVerifications, "GET", Routes.Verifications, KeyLevel.Function,
            (endpoints, request) => endpoints.ListAsync(request));
        app.MapFunction<VerificationEndpoints>(Functions.GetVerification, "GET", Routes.Verification, KeyLevel.Function,
            (endpoints, request) => endpoints.GetAsync(request));
        app.MapFunction<VerificationEndpoints>(Functions.CompleteVerification, "POST", Routes.CompleteVerification, KeyLevel.Function,
            (endpoints, request) => endpoints.CompleteAsync(request));
        app.MapFunction<VerificationEndpoints>(Functions.CancelVerification, "POST", Routes.CancelVerification, KeyLevel.Function,
            (endpoints, request) => endpoints.CancelAsync(request));
        app.MapFunction<AttachmentEndpoints>(Functions.CheckCen, "POST", Routes.CheckCen, KeyLevel.Function,
            (endpoints, request) => endpoints.CheckAsync(request));
        app.MapFunction<AttachmentEndpoints>(Functions.AttachCen, "POST", Routes.AttachCen, KeyLevel.Function,
            (endpoints, request) => endpoints.AttachAsync(request));
        app.MapFunction<ReportEndpoints>(Functions.GetStaleReport, "GET", Routes.StaleReport, KeyLevel.Function,
            (endpoints, request) => endpoints.GetStaleAsync(request));
        app.MapFunction<ChatOpsEndpoints>(Functions.SlackCommand, "POST", Routes.SlackCommand, KeyLevel.Anonymous,
            (endpoints, request) => endpoints.SlackAsync(request));
        app.MapFunction<ChatOpsEndpoints>(Functions.TeamsCommand, "POST", Routes.TeamsCommand, KeyLevel.Anonymous,
            (endpoints, request) => endpoints.TeamsAsync(request));
        app.MapFunction<ChatOpsEndpoints>(Functions.DingTalkCommand, "POST", Routes.DingTalkCommand, KeyLevel.Anonymous,
            (endpoints, request) => endpoints.DingTalkAsync(request));
        app.MapFunction<WebhookEndpoints>(Functions.SendVerifyCodeWebhook, "POST", Routes.SendVerifyCodeWebhook, KeyLevel.Anonymous,
            (endpoints, request) => endpoints.SendAsync(request));
        app.MapFunction<ServiceEndpoints>(Functions.Health, "GET", Routes.Health, KeyLevel.Anonymous,
            (endpoints, request) => endpoints.HealthAsync(request));
        app.MapFunction<ServiceEndpoints>(Functions.OpenApi, "GET", Routes.OpenApi, KeyLevel.Anonymous,
            (endpoints, request) => endpoints.OpenApiAsync(request));
    }

    private static void MapFunction<TEndpoints>(
        this IEndpointRouteBuilder app,
        string name,
        string method,
        string route,
        KeyLevel level,
        Func<TEndpoints, HttpRequest, Task<IResult>> endpoint)
        where TEndpoints : class =>
        app.MapMethods($"/{Routes.Prefix}/{route}", [method], async context =>
            {
                var result = await endpoint(context.RequestServices.GetRequiredService<TEndpoints>(), context.Request);
                await result.ExecuteAsync(context);
            })
            .WithMetadata(new MappedFunction(name, method, route, level));
}
