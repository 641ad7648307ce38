using System.Reflection;
using System.Text.RegularExpressions;
using EdsFunctions.DevHost;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions.Tests.Hosts;

/// <summary>The triggers follow the rules of the Functions host, and DevHost serves every trigger.</summary>
public sealed partial class TriggerTests
{
    /// <summary>
    /// The name of an endpoint must not change: it is a part of stored idempotency keys, which outlive a deployment.
    /// </summary>
    [Fact]
    public void Function_Http_HasTheNameOfItsEndpoint() => Assert.Equal(
        Trigger.Http.Select(trigger => trigger.Function).Order(),
        typeof(ServiceEndpoints).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.GetParameters() is [var only] && only.ParameterType == typeof(HttpRequest))
            .Select(method => method.Name).Order());

    [Fact]
    public async Task DevHost_Endpoints_AreTheHttpTriggers()
    {
        await using var app = await DevHostApp.CreateAsync(
            ["--urls", "http://127.0.0.1:0", "--Simulator:Url", "http://127.0.0.1:0"], TextWriter.Null);

        var endpoints = ((IEndpointRouteBuilder)app.Web).DataSources
            .SelectMany(source => source.Endpoints).Cast<RouteEndpoint>();
        var served = endpoints.Where(IsOfTheApp).Select(endpoint =>
            (endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName,
                string.Join(", ", endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods)
                    .ToUpperInvariant(),
                endpoint.RoutePattern.RawText!));

        Assert.Equal(
            Trigger.Http.Select(trigger => (trigger.Function, trigger.Method, $"/api/{trigger.Route}")).Order(),
            served.Order());

        static bool IsOfTheApp(RouteEndpoint endpoint) =>
            !endpoint.RoutePattern.RawText!.StartsWith("/openapi/", StringComparison.Ordinal)
            && !endpoint.RoutePattern.RawText.StartsWith("/scalar", StringComparison.Ordinal);
    }

    /// <summary>
    /// A trigger without a function key is signed (chats and webhooks) or public (health and the OpenAPI document).
    /// </summary>
    [Fact]
    public void Trigger_WithoutKey_IsSignedOrPublic() => Assert.Equal(
        [
            nameof(ChatTriggers.ChatCommand), nameof(ServiceTriggers.Health), nameof(ServiceTriggers.OpenApi),
            nameof(WebhookTriggers.SendVerifyCodeWebhook),
        ],
        Trigger.Http.Where(trigger => trigger.Level == AuthorizationLevel.Anonymous)
            .Select(trigger => trigger.Function).Order());

    /// <summary>The worker would bind another parameter from the query, so a caller could set it.</summary>
    [Fact]
    public void Trigger_Http_HasTheRequestAsOnlyParameter() => Assert.All(
        Trigger.Http, trigger => Assert.Equal(typeof(HttpRequest), Assert.Single(trigger.Parameters).ParameterType));

    [Fact]
    public void Route_Http_IsRelativeAndNotReserved() => Assert.All(
        Trigger.Http, trigger => Assert.DoesNotMatch("^(/|admin|runtime)", trigger.Route.ToLowerInvariant()));

    /// <summary>
    /// Route parameters need a constraint, because the Functions host matches routes in the alphabetical order of
    /// function names, not by precedence.
    /// </summary>
    [Fact]
    public void Route_Parameter_HasAConstraint()
    {
        var parameters = Trigger.Http.SelectMany(trigger => RouteParameter.Matches(trigger.Route)).ToArray();

        Assert.NotEmpty(parameters);
        Assert.All(parameters, parameter => Assert.Contains(':', parameter.Value));
    }

    [Fact]
    public void SampleSettings_Timer_DefineItsSchedule()
    {
        var timer = Assert.Single(
            Trigger.Functions.Select(method => method.GetParameters()[0].GetCustomAttribute<TimerTriggerAttribute>()),
            timer => timer is not null);
        var sample = JsonElement.Parse(File.ReadAllText(Repository.Path("local.settings.sample.json")));

        Assert.Contains(
            sample.GetProperty("Values").EnumerateObject(),
            setting => $"%{setting.Name.Replace("__", ":", StringComparison.Ordinal)}%" == timer!.Schedule);
    }

    /// <summary>
    /// The name of a setting in a binding has no <c>:</c> and no <c>__</c>, because Azure's scale controller does not
    /// resolve them.
    /// </summary>
    [Fact]
    public void Binding_NameOfASetting_IsFlat()
    {
        var names = Trigger.Functions.SelectMany(function => function.GetParameters())
            .SelectMany(parameter => parameter.GetCustomAttributesData())
            .SelectMany(binding => binding.ConstructorArguments
                .Concat(binding.NamedArguments.Select(argument => argument.TypedValue)))
            .SelectMany(argument => SettingName.Matches(argument.Value as string ?? ""))
            .Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal([StaleReportOptions.ScheduleSetting], names);
        Assert.All(names, name => Assert.DoesNotMatch("[^A-Za-z0-9_]|__", name));
    }

    [Fact]
    public void RoutePrefix_HostJson_MatchesTheEndpoints()
    {
        var host = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Repository.Path("host.json")));

        var http = host.GetProperty("extensions").GetProperty("http");

        Assert.Equal(VerificationEndpoints.RoutePrefix, http.GetProperty("routePrefix").GetString());
    }

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex SettingName { get; }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex RouteParameter { get; }
}
