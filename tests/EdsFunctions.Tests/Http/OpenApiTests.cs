using System.Reflection;
using EdsFunctions.Tests.Hosts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Http;

/// <summary>The description is written by hand: here it is held against what the app does.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public void The_description_is_read_without_an_error_or_a_warning()
    {
        var diagnostic = Description.Read(Description.Text).Diagnostic!;

        Assert.Empty(diagnostic.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
    }

    [Theory]
    [InlineData("\"$ref\": \"#/components/schemas/Failure\"", "\"$ref\": \"#/components/schemas/Fault\"")]
    [InlineData("\"operationId\": \"Health\"", "\"operation\": \"Health\"")]
    [InlineData("\"description\": \"It cannot.\",", "")]
    public void A_mistake_in_the_description_is_seen(string from, string to)
    {
        Assert.Contains(from, Description.Text, StringComparison.Ordinal);

        var diagnostic = Description.Read(Description.Text.Replace(from, to, StringComparison.Ordinal)).Diagnostic!;

        Assert.NotEmpty(diagnostic.Errors.Concat(diagnostic.Warnings));
    }

    [Fact]
    public async Task Anyone_gets_exactly_the_description_of_the_repository()
    {
        await using var app = await EdsApp.StartAsync();

        var answer = await app.Api.GetAsync("openapi.json");

        Assert.Equal(Description.Text, answer.ShouldBe(200).Text);
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal(
            await File.ReadAllTextAsync(
                Repository.Path("src", "EdsFunctions.Core", "Http", "openapi.json"), TestContext.Current.CancellationToken),
            answer.Text);
    }

    [Fact]
    public void It_names_the_prefix_and_the_version_of_the_app()
    {
        Assert.Equal($"/{Routes.Prefix}", Assert.Single(Description.Document.Servers!).Url);
        Assert.Equal(typeof(Routes).Assembly.GetName().Version!.ToString(3), Description.Document.Info.Version);
    }

    [Fact]
    public void Every_function_is_described_and_nothing_else() => Assert.Equal(
        Trigger.Http.Select(trigger => $"{trigger.Function}: {trigger.Method} {PathOf(trigger)}").Order(),
        Description.Operations().Select(it => $"{it.Operation.OperationId}: {it.Method} {it.Path}").Order());

    [Fact]
    public void A_key_is_described_where_the_host_asks_for_one() => Assert.Equal(
        Trigger.Http.Select(trigger => $"{trigger.Function}: {KeysOf(trigger.Level)}").Order(),
        Description.Operations().Select(it => $"{it.Operation.OperationId}: {KeysOf(it.Operation)}").Order());

    [Fact]
    public void Where_a_key_or_a_signature_is_asked_for_a_missing_one_is_described() => Assert.All(Description.Operations(), it =>
        Assert.Equal(
            it.Operation.OperationId is not (Functions.Health or Functions.OpenApi), it.Operation.Responses!.ContainsKey("401")));

    [Fact]
    public void A_key_may_come_as_the_functions_host_takes_it()
    {
        var schemes = Description.Document.Components!.SecuritySchemes!;

        Assert.Equal(2, schemes.Count);
        Assert.All(schemes.Values, scheme => Assert.Equal(SecuritySchemeType.ApiKey, scheme.Type));
        Assert.Equal("x-functions-key", schemes["functionsKey"].Name);
        Assert.Equal(ParameterLocation.Header, schemes["functionsKey"].In);
        Assert.Equal("code", schemes["functionsKeyInQuery"].Name);
        Assert.Equal(ParameterLocation.Query, schemes["functionsKeyInQuery"].In);
    }

    [Fact]
    public void Every_type_of_problem_is_listed_and_no_other()
    {
        var types = ProblemSource.Read().Select(problem => problem.Type).ToArray();

        // Each of them makes at least one, so that fewer would mean that the source was not understood.
        Assert.InRange(types.Length, typeof(Problems).GetMethods(BindingFlags.Public | BindingFlags.Static).Length, int.MaxValue);
        var listed = Description.Schema(nameof(Problem)).Properties!["type"].Enum!.Select(type => (string)type!);
        Assert.Equal(types.Order(), listed.Order());
    }

    [Fact]
    public void Every_type_of_problem_has_an_example_under_its_status()
    {
        var examples =
            from described in Description.Operations()
            from response in described.Operation.Responses!
            from value in Description.Examples(response.Value.Content, "application/problem+json")
            let problem = new ProblemKind((string)value["type"]!, (string)value["title"]!, (int)value["status"]!)
            select (Status: response.Key, Problem: problem);
        var shown = examples.ToArray();

        Assert.All(shown, example => Assert.Equal(example.Status, $"{example.Problem.Status}"));
        Assert.Equal(
            ProblemSource.Read().OrderBy(problem => problem.Type),
            shown.Select(example => example.Problem).Distinct().OrderBy(problem => problem.Type));
    }

    private static string PathOf(Trigger trigger) =>
        $"/{trigger.Route.Replace(":guid}", "}", StringComparison.Ordinal)}";

    private static string KeysOf(AuthorizationLevel level) => level switch
    {
        AuthorizationLevel.Anonymous => "none",
        AuthorizationLevel.Function => "functionsKey or functionsKeyInQuery",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };

    private static string KeysOf(OpenApiOperation operation)
    {
        var alternatives = operation.Security ?? Description.Document.Security ?? [];
        var named = alternatives.Select(keys => string.Join(" and ", keys.Keys.Select(key => key.Reference.Id)));
        return alternatives.Count == 0 ? "none" : string.Join(" or ", named);
    }
}
