using System.Text.Json.Nodes;
using EdsFunctions.Tests.Hosts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Api;

/// <summary>
/// The description is written by hand: here it is compared with the triggers, with the types that the app writes, with the readers
/// of requests, and with real responses.
/// </summary>
public sealed class OpenApiTests
{
    private const string View = nameof(View);

    [Fact]
    public void The_description_is_read_without_an_error_or_a_warning()
    {
        var diagnostic = Description.Read(Description.Text).Diagnostic!;

        Assert.Empty(diagnostic.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal($"/{Routes.Prefix}", Assert.Single(Description.Document.Servers!).Url);
        Assert.Equal(typeof(Routes).Assembly.GetName().Version!.ToString(3), Description.Document.Info.Version);
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
                Repository.Path("src", "EdsFunctions.Core", "Api", "openapi.json"), TestContext.Current.CancellationToken),
            answer.Text);
    }

    [Fact]
    public void Every_function_is_described_and_nothing_else() => Assert.Equal(
        Trigger.Http.Select(trigger => $"{trigger.Function}: {trigger.Method} {PathOf(trigger)}").Order(),
        Description.Operations().Select(it => $"{it.Operation.OperationId}: {it.Method} {it.Path}").Order());

    [Fact]
    public void A_key_is_described_where_the_host_asks_for_one_and_a_missing_one_too() => Assert.All(Trigger.Http, trigger =>
    {
        var operation = Description.Operation(trigger.Function);
        var keys = operation.Security ?? Description.Document.Security!;

        Assert.Equal(
            trigger.Level == AuthorizationLevel.Anonymous ? [] : ["functionsKey", "functionsKeyInQuery"],
            keys.Select(key => Assert.Single(key.Keys).Reference.Id));
        Assert.Equal(trigger.Function is not (Functions.Health or Functions.OpenApi), operation.Responses!.ContainsKey("401"));
    });

    [Fact]
    public void Every_type_of_problem_is_listed_and_has_an_example_under_its_status()
    {
        var problems = ProblemSource.Read().OrderBy(problem => problem.Type).ToArray();
        var examples =
            (from described in Description.Operations()
             from response in described.Operation.Responses!
             from value in Description.Examples(response.Value.Content, "application/problem+json")
             let problem = new ProblemKind((string)value["type"]!, (string)value["title"]!, (int)value["status"]!)
             select (Status: response.Key, Problem: problem)).ToArray();

        Assert.All(examples, example => Assert.Equal(example.Status, $"{example.Problem.Status}"));
        Assert.Equal(problems, examples.Select(example => example.Problem).Distinct().OrderBy(problem => problem.Type));
        var listed = Description.Schema(nameof(Problem)).Properties!["type"].Enum!.Select(type => (string)type!);
        Assert.Equal(problems.Select(problem => problem.Type).Order(), listed.Order());
    }

    [Fact]
    public void An_answer_has_the_properties_of_its_schema_and_no_other() => Assert.All(
        typeof(Problem).Assembly.GetTypes().Where(type => type.Name.EndsWith(View, StringComparison.Ordinal)).Append(typeof(Problem)),
        type => Assert.Equal(
            type.GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order(),
            Description.Schema(type.Name.Replace(View, "", StringComparison.Ordinal)).Properties!.Keys.Order()));

    [Fact]
    public void The_states_are_those_of_a_verification()
    {
        var states = Enum.GetValues<VerificationState>().Select(state => state.Name()).ToArray();
        var filter = Description.Operation(Functions.ListVerifications).Parameters!.Single(parameter => parameter.Name == "state");

        Assert.Equal(states, Description.Schema(nameof(VerificationState)).Enum!.Select(state => (string)state!));
        Assert.Equal(["open", "closed", .. states], filter.Schema!.Enum!.Select(state => (string)state!));
    }

    [Fact]
    public void A_list_takes_the_parameters_that_are_described_and_no_other()
    {
        var described = Description.Operation(Functions.ListVerifications).Parameters!.Select(parameter => parameter.Name);
        var query = new QueryCollection(new Dictionary<string, StringValues> { ["nonsense"] = "1" });

        var errors = ErrorsOf(errors => ListRequest.Read(query, VerificationBuilder.Noon, errors));

        Assert.Equal($"may only have {string.Join(", ", described)}", errors["query"][0]);
    }

    [Fact]
    public void A_request_takes_the_fields_that_are_described_and_no_other()
    {
        ShouldKnow("nonsense", """{"nonsense":1}""", ReadSend, "SendRequest", "AlibabaSendRequest");
        ShouldKnow("extraInfo.nonsense", """{"extraInfo":{"nonsense":1}}""", ReadSend, "ExtraInfo");
        ShouldKnow("nonsense", """{"nonsense":1}""", ResendRequest.Read, "ResendRequest");
        ShouldKnow("nonsense", """{"nonsense":1}""", CloseRequest.Read, "CloseRequest");
        ShouldKnow("nonsense", """{"nonsense":1}""", CheckRequest.Read, "CheckRequest");
        ShouldKnow("nonsense", """{"nonsense":1}""", AttachRequest.Read, "AttachRequest");
    }

    [Fact]
    public void Every_request_that_is_shown_is_one()
    {
        ShouldRead(Functions.SendVerifyCode, ReadSend);
        ShouldRead(Functions.SendVerifyCodeWebhook, ReadSend);
        ShouldRead(Functions.ResendVerifyCode, ResendRequest.Read);
        ShouldRead(Functions.CompleteVerification, CloseRequest.Read);
        ShouldRead(Functions.CancelVerification, CloseRequest.Read);
        ShouldRead(Functions.CheckCen, CheckRequest.Read);
        ShouldRead(Functions.AttachCen, AttachRequest.Read);

        static void ShouldRead<T>(string function, Func<ReadOnlyMemory<byte>, FieldErrors, T> read)
        {
            var shown = Description.Examples(Description.Operation(function).RequestBody!.Content).ToArray();
            Assert.NotEmpty(shown);
            Assert.All(shown, example => read(Encoding.UTF8.GetBytes(example.ToJsonString()), new FieldErrors()));
        }
    }

    private static SendCommand ReadSend(ReadOnlyMemory<byte> body, FieldErrors errors) =>
        SendRequest.Read(body, new Regions([]), errors);

    [Fact]
    public void Every_answer_that_is_shown_matches_its_schema() => Assert.All(
        from described in Description.Operations()
        from response in described.Operation.Responses!.Values
        from content in response.Content ?? new Dictionary<string, IOpenApiMediaType>()
        where content.Value.Schema is OpenApiSchemaReference
        from example in Description.Examples(response.Content, content.Key)
        select (Example: example, content.Value.Schema),
        shown => ShouldMatch(shown.Example, shown.Schema!));

    [Fact]
    public async Task What_the_app_answers_to_a_request_for_a_code_is_described()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;

        ShouldBeDescribed(Functions.SendVerifyCode, 400, await app.Api.PostAsync("verifications", "{}"));
        ShouldBeDescribed(Functions.SendVerifyCode, 413, await app.Api.PostAsync("verifications", new string(' ', 70_000)));
        ShouldBeDescribed(Functions.SendVerifyCode, 415, await app.Api.PostAsync("verifications", "{}", "text/plain"));
        ShouldBeDescribed(Functions.SendVerifyCode, 201, await app.Api.SendAsync(verification, "key-1"));
        ShouldBeDescribed(Functions.SendVerifyCode, 201, await app.Api.SendAsync(verification, "key-1"));
        ShouldBeDescribed(Functions.SendVerifyCode, 422, await app.Api.SendAsync(A.Verification, "key-1"));
        var open = await app.Api.SendAsync(verification);
        ShouldBeDescribed(Functions.SendVerifyCode, 200, open);
        ShouldBeDescribed(Functions.ResendVerifyCode, 429, await app.Api.PostAsync($"verifications/{open.Id}/resend", null));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        ShouldBeDescribed(Functions.ResendVerifyCode, 200, await app.Api.PostAsync($"verifications/{open.Id}/resend", null));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        ShouldBeDescribed(Functions.SendVerifyCode, 502, await app.Api.SendAsync(A.Verification, "key-2"));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Throttle, RetryAfterMs: 3_600_000));
        ShouldBeDescribed(Functions.SendVerifyCode, 503, await app.Api.SendAsync(A.Verification));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Malformed));
        ShouldBeDescribed(Functions.SendVerifyCode, 504, await app.Api.SendAsync(A.Verification));
    }

    [Fact]
    public async Task What_the_app_answers_to_everything_else_is_described()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = (await app.Api.SendAsync(A.Verification.By("alice", "a note"))).Id;

        ShouldBeDescribed(Functions.ListVerifications, 200, await app.Api.GetAsync("verifications"));
        ShouldBeDescribed(Functions.ListVerifications, 400, await app.Api.GetAsync("verifications?limit=0"));
        ShouldBeDescribed(Functions.GetVerification, 200, await app.Api.GetAsync(sent));
        ShouldBeDescribed(Functions.GetVerification, 404, await app.Api.GetAsync(Guid.Empty));
        app.Time.Advance(TimeSpan.FromHours(1));
        ShouldBeDescribed(Functions.GetStaleReport, 200, await app.Api.GetAsync("reports/stale"));
        var code = app.Alibaba.Outbox.Messages[0].Code;
        ShouldBeDescribed(Functions.CheckCen, 200, await app.Api.PostAsync(
            $"verifications/{sent}/check", $$"""{"cidrBlock":"192.168.7.0/24","verifyCode":"{{code}}"}"""));
        ShouldBeDescribed(Functions.CompleteVerification, 400, await app.Api.CompleteAsync(sent, "[]"));
        ShouldBeDescribed(Functions.CompleteVerification, 404, await app.Api.CompleteAsync(Guid.Empty));
        ShouldBeDescribed(Functions.CompleteVerification, 200, await app.Api.CompleteAsync(sent, """{"by":"bob","note":"x"}"""));
        ShouldBeDescribed(Functions.CompleteVerification, 409, await app.Api.CompleteAsync(sent));
        ShouldBeDescribed(Functions.CancelVerification, 409, await app.Api.CancelAsync(sent));
        ShouldBeDescribed(Functions.Health, 200, await app.Api.GetAsync("health"));
    }

    private static string PathOf(Trigger trigger) =>
        $"/{trigger.Route.Replace(":guid}", "}", StringComparison.Ordinal)}";

    private static IReadOnlyDictionary<string, string[]> ErrorsOf(Action<FieldErrors> read)
    {
        var errors = new FieldErrors();
        var thrown = Record.Exception(() => read(errors));
        Assert.Equal(errors.Any, thrown is ProblemException);
        return errors.ByField;
    }

    /// <summary>A reader names the fields that it knows when it refuses another.</summary>
    private static void ShouldKnow<T>(
        string refused, string body, Func<ReadOnlyMemory<byte>, FieldErrors, T> read, params string[] schemas)
    {
        var known = ErrorsOf(errors => read(Encoding.UTF8.GetBytes(body), errors))[refused][0].Split("known are ")[1].Split(", ");
        var described = schemas.SelectMany(schema => Description.Schema(schema).Properties!.Keys);

        Assert.All(schemas, schema => Assert.False(Description.Schema(schema).AdditionalPropertiesAllowed));
        Assert.Equal(
            described.Select(name => name.ToUpperInvariant()).Distinct().Order(),
            known.Select(name => name.ToUpperInvariant()).Order());
    }

    private static void ShouldBeDescribed(string function, int status, ApiResponse answer)
    {
        answer.ShouldBe(status);
        Assert.True(
            Description.Operation(function).Responses!.TryGetValue($"{status}", out var described),
            $"{function} is not described as answering {status}.");

        var (mediaType, media) = Assert.Single(described.Content!);
        Assert.StartsWith($"{mediaType};", answer.Header("Content-Type"), StringComparison.Ordinal);
        ShouldMatch(JsonNode.Parse(answer.Text), media.Schema!);

        var headers = described.Headers ?? new Dictionary<string, IOpenApiHeader>();
        Assert.All(
            new[] { "Location", "Retry-After", "Idempotency-Replayed" }.Where(name => answer.Header(name) is not null),
            name => Assert.Contains(name, headers.Keys));
        Assert.All(headers.Where(header => header.Value.Required), header => Assert.NotNull(answer.Header(header.Key)));
    }

    /// <summary>A value has the type, the properties and the items of its schema, and no other.</summary>
    private static void ShouldMatch(JsonNode? value, IOpenApiSchema schema)
    {
        JsonSchemaType[] types = value?.GetValueKind() switch
        {
            null => [JsonSchemaType.Null],
            JsonValueKind.True or JsonValueKind.False => [JsonSchemaType.Boolean],
            JsonValueKind.Number => [JsonSchemaType.Integer, JsonSchemaType.Number],
            { } kind => [Enum.Parse<JsonSchemaType>($"{kind}")],
        };
        Assert.True(types.Any(type => schema.Type is null || (schema.Type.Value & type) != 0), $"{value} is not a {schema.Type}.");
        Assert.True(schema.Enum is not { Count: > 0 } values || values.Any(one => JsonNode.DeepEquals(one, value)), $"{value}");
        if (value is JsonArray items)
        {
            Assert.All(items, item => ShouldMatch(item, schema.Items!));
        }
        else if (value is JsonObject properties)
        {
            Assert.Empty((schema.Required ?? new HashSet<string>()).Except(properties.Select(property => property.Key)));
            Assert.All(properties, property => ShouldMatch(
                property.Value,
                schema.Properties is { } described && described.TryGetValue(property.Key, out var one)
                    ? one
                    : schema.AdditionalProperties!));
        }
    }
}
