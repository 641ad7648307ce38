using System.Reflection;
using System.Text.RegularExpressions;
using EdsFunctions.DevHost;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions.Tests.Hosts;

/// <summary>The triggers of the Functions app: what the Functions host needs of them, and that DevHost serves the same.</summary>
public sealed partial class TriggerTests
{
    /// <summary>Endpoints log by their own name, and hash it into idempotency keys that outlive a deployment.</summary>
    [Fact]
    public void Function_HasTheNameOfItsEndpoint() => Assert.Equal(
        Trigger.Http.Select(trigger => trigger.Function).Order(),
        typeof(ServiceEndpoints).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.GetParameters() is [var only] && only.ParameterType == typeof(HttpRequest))
            .Select(method => method.Name).Order());

    [Fact]
    public async Task DevHost_serves_every_http_trigger_and_nothing_else()
    {
        await using var app = await DevHostApp.CreateAsync(
            ["--urls", "http://127.0.0.1:0", "--Simulator:Url", "http://127.0.0.1:0"], TextWriter.Null);

        var endpoints = ((IEndpointRouteBuilder)app.Web).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>();
        var served = endpoints.Where(IsOfTheApp).Select(endpoint =>
            (endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName,
                Assert.Single(endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods).ToUpperInvariant(),
                endpoint.RoutePattern.RawText!));

        Assert.Equal(Trigger.Http.Select(trigger => (trigger.Function, trigger.Method, $"/api/{trigger.Route}")).Order(), served.Order());

        static bool IsOfTheApp(RouteEndpoint endpoint) =>
            !endpoint.RoutePattern.RawText!.StartsWith("/openapi/", StringComparison.Ordinal)
            && !endpoint.RoutePattern.RawText.StartsWith("/scalar", StringComparison.Ordinal);
    }

    /// <summary>Chats and webhooks are signed; health and the description are for everyone.</summary>
    [Fact]
    public void A_trigger_asks_for_a_key_unless_its_requests_are_signed_or_open_to_everyone() => Assert.Equal(
        [
            nameof(ChatTriggers.ChatCommand), nameof(ServiceTriggers.Health), nameof(ServiceTriggers.OpenApi),
            nameof(WebhookTriggers.SendVerifyCodeWebhook),
        ],
        Trigger.Http.Where(trigger => trigger.Level == AuthorizationLevel.Anonymous).Select(trigger => trigger.Function).Order());

    /// <summary>The worker binds further parameters by name from the query, so that a caller could set them.</summary>
    [Fact]
    public void An_http_trigger_takes_the_request_alone() => Assert.All(
        Trigger.Http, trigger => Assert.Equal(typeof(HttpRequest), Assert.Single(trigger.Parameters).ParameterType));

    [Fact]
    public void No_route_starts_with_a_slash_or_belongs_to_the_host() => Assert.All(
        Trigger.Http, trigger => Assert.DoesNotMatch("^(/|admin|runtime)", trigger.Route.ToLowerInvariant()));

    /// <summary>The Functions host matches routes in alphabetical order of function names, not by how specific they are.</summary>
    [Fact]
    public void Every_route_parameter_has_a_constraint()
    {
        var parameters = Trigger.Http.SelectMany(trigger => RouteParameter.Matches(trigger.Route)).ToArray();

        Assert.NotEmpty(parameters);
        Assert.All(parameters, parameter => Assert.Contains(':', parameter.Value));
    }

    [Fact]
    public void The_sample_settings_have_the_schedule_that_the_timer_names()
    {
        var timer = Assert.Single(
            Trigger.Functions.Select(method => method.GetParameters()[0].GetCustomAttribute<TimerTriggerAttribute>()), it => it is not null);
        var sample = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Repository.Path("local.settings.sample.json")));

        Assert.Contains(
            sample.GetProperty("Values").EnumerateObject(), setting => $"%{setting.Name.Replace("__", ":", StringComparison.Ordinal)}%" == timer!.Schedule);
    }

    [Fact]
    public void Both_hosts_have_the_same_route_prefix()
    {
        var host = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Repository.Path("host.json")));

        Assert.Equal(VerificationEndpoints.RoutePrefix, host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex RouteParameter { get; }
}
