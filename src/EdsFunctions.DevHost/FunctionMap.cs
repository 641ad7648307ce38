using EdsFunctions.Core.Http;

namespace EdsFunctions.DevHost;

/// <summary>Maps every function to its route, as the triggers of the Functions app do; a test holds the two against each other.</summary>
internal static class FunctionMap
{
    public static void MapEdsFunctions(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var verifications = services.GetRequiredService<VerificationEndpoints>();
        var reports = services.GetRequiredService<ReportEndpoints>();
        var service = services.GetRequiredService<ServiceEndpoints>();

        app.MapFunction(Functions.SendVerifyCode, "POST", Routes.Verifications, KeyLevel.Function, verifications.SendAsync);
        app.MapFunction(Functions.ListVerifications, "GET", Routes.Verifications, KeyLevel.Function, verifications.ListAsync);
        app.MapFunction(Functions.GetVerification, "GET", Routes.Verification, KeyLevel.Function, verifications.GetAsync);
        app.MapFunction(Functions.CompleteVerification, "POST", Routes.CompleteVerification, KeyLevel.Function, verifications.CompleteAsync);
        app.MapFunction(Functions.CancelVerification, "POST", Routes.CancelVerification, KeyLevel.Function, verifications.CancelAsync);
        app.MapFunction(Functions.GetStaleReport, "GET", Routes.StaleReport, KeyLevel.Function, reports.GetStaleAsync);
        app.MapFunction(Functions.Health, "GET", Routes.Health, KeyLevel.Anonymous, service.HealthAsync);
        app.MapFunction(Functions.OpenApi, "GET", Routes.OpenApi, KeyLevel.Anonymous, service.OpenApiAsync);
    }

    private static void MapFunction(
        this IEndpointRouteBuilder app, string name, string method, string route, KeyLevel level, Func<HttpRequest, Task<IResult>> endpoint) =>
        app.MapMethods($"/{Routes.Prefix}/{route}", [method], async context => await (await endpoint(context.Request)).ExecuteAsync(context))
            .WithMetadata(new MappedFunction(name, method, route, level));
}
