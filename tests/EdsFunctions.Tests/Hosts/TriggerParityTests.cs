using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cronos;
using EdsFunctions.Core.Http;
using EdsFunctions.Tests.Infrastructure;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdsFunctions.Tests.Hosts;

/// <summary>The two hosts must not drift apart, and the Functions host must like what it gets.</summary>
public sealed partial class TriggerParityTests
{
    private static readonly IReadOnlyDictionary<string, string> Sources = FunctionsAppSources.Read();
    private static readonly IReadOnlyList<Trigger> Triggers = TriggerReader.Read(Sources);

    [Fact]
    public void Every_function_attribute_is_seen()
    {
        var written = Sources.Values.Sum(source => FunctionAttribute.Count(source));

        Assert.NotEqual(0, written);
        Assert.Equal(written, Triggers.Count);
        Assert.Contains(Triggers, trigger => trigger.Http is not null);
        Assert.Contains(Triggers, trigger => trigger.Schedule is not null);
    }

    [Fact]
    public void Every_function_name_has_one_trigger()
    {
        var names = typeof(Functions).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string?)field.GetRawConstantValue());

        Assert.Equal(names.Order(), Triggers.Select(trigger => trigger.Function).Order());
    }

    [Fact]
    public async Task Both_hosts_have_the_same_functions_methods_routes_and_levels() =>
        Assert.Equal(await OfDevHostAsync(), HttpOf(Triggers));

    [Theory]
    [InlineData("Function(Functions.CompleteVerification)", "Function(Functions.CancelVerification)")]
    [InlineData("AuthorizationLevel.Function, \"get\"", "AuthorizationLevel.Function, \"put\"")]
    [InlineData("Route = Routes.CompleteVerification", "Route = Routes.CancelVerification")]
    [InlineData("AuthorizationLevel.Function", "AuthorizationLevel.Anonymous")]
    public async Task A_difference_between_the_hosts_is_seen(string from, string to)
    {
        var changed = TriggerReader.Read(FunctionsAppSources.ReadWith("VerificationTriggers.cs", from, to));

        Assert.NotEqual(await OfDevHostAsync(), HttpOf(changed));
    }

    [Fact]
    public void Both_hosts_call_the_same_endpoint_for_a_function()
    {
        var ofDevHost = DevHostSource.ReadEndpoints();
        var ofTriggers = Triggers.Where(trigger => trigger.Http is not null);

        Assert.Equal(
            ofDevHost.Select(entry => $"{entry.Key}: {entry.Value}").Order(),
            ofTriggers.Select(trigger => $"{trigger.Function}: {trigger.Endpoint}").Order());
    }

    [Fact]
    public void A_trigger_is_one_line_that_passes_what_it_got_to_an_endpoint() => Assert.All(Triggers, trigger =>
    {
        Assert.NotEmpty(trigger.Endpoint);
        var call = Assert.IsType<InvocationExpressionSyntax>(trigger.Syntax.ExpressionBody?.Expression);
        var lines = call.GetLocation().GetLineSpan();
        Assert.Equal(lines.StartLinePosition.Line, lines.EndLinePosition.Line);
        var got = trigger.Syntax.ParameterList.Parameters.Where(parameter => $"{parameter.Type}" != "TimerInfo");
        Assert.Equal(
            got.Select(parameter => parameter.Identifier.Text),
            call.ArgumentList.Arguments.Select(argument => $"{argument}"));
    });

    [Fact]
    public void An_http_trigger_takes_the_request_alone_since_a_worker_binds_more_by_name_from_the_query() => Assert.All(
        Triggers.Where(trigger => trigger.Http is not null),
        trigger => Assert.Equal("HttpRequest", $"{Assert.Single(trigger.Syntax.ParameterList.Parameters).Type}"));

    [Fact]
    public void No_route_begins_with_a_slash_or_is_one_of_the_hosts_own() => Assert.All(HttpOf(Triggers), function =>
    {
        Assert.NotEmpty(function.Http.Route);
        Assert.False(function.Http.Route.StartsWith('/'), function.Http.Route);

        // The host compares the beginning of the text, not whole segments.
        Assert.False(function.Http.Route.StartsWith("admin", StringComparison.OrdinalIgnoreCase), function.Http.Route);
        Assert.False(function.Http.Route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase), function.Http.Route);
    });

    [Fact]
    public void A_route_parameter_has_a_constraint_since_the_host_tries_routes_by_the_alphabet()
    {
        var parameters = HttpOf(Triggers).SelectMany(function => RouteParameter.Matches(function.Http.Route)).ToArray();

        Assert.NotEmpty(parameters);
        Assert.All(parameters, parameter => Assert.Contains(':', parameter.Value));
    }

    [Fact]
    public void The_schedule_of_the_report_is_a_setting_that_the_sample_has()
    {
        var timer = Assert.Single(Triggers, trigger => trigger.Schedule is not null);
        var schedule = Json("local.settings.sample.json").GetProperty("Values").GetProperty("StaleReport__Schedule").GetString();

        Assert.Equal(Functions.StaleVerificationReport, timer.Function);
        Assert.Equal("StaleReport.RunAsync", timer.Endpoint);
        Assert.Equal("%StaleReport:Schedule%", timer.Schedule);
        Assert.True(CronExpression.TryParse(schedule ?? "", CronFormat.IncludeSeconds, out _));
    }

    [Fact]
    public void Both_hosts_put_the_same_prefix_before_every_route()
    {
        // What the host takes where host.json does not say.
        var prefix = "api";
        if (Json("host.json").TryGetProperty("extensions", out var extensions)
            && extensions.TryGetProperty("http", out var http)
            && http.TryGetProperty("routePrefix", out var configured))
        {
            prefix = configured.GetString();
        }

        Assert.Equal(Routes.Prefix, prefix);
    }

    private static (string Function, HttpBinding Http)[] HttpOf(IEnumerable<Trigger> triggers) => Sorted(
        triggers.Where(trigger => trigger.Http is not null).Select(trigger => (trigger.Function, trigger.Http!)));

    private static async Task<(string Function, HttpBinding Http)[]> OfDevHostAsync() => Sorted(
        (await MappedFunctions.ReadAsync()).Select(mapped =>
            (mapped.Name, new HttpBinding(mapped.Method, mapped.Route, mapped.Level.ToString()))));

    private static (string Function, HttpBinding Http)[] Sorted(IEnumerable<(string Function, HttpBinding Http)> functions) =>
        [.. functions.OrderBy(function => function.ToString(), StringComparer.Ordinal)];

    private static JsonElement Json(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.Path(file)));
        return document.RootElement.Clone();
    }

    [GeneratedRegex(@"\[Function\(")]
    private static partial Regex FunctionAttribute { get; }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex RouteParameter { get; }
}
