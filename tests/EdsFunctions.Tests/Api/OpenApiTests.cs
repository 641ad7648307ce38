using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Api;

/// <summary>
/// The OpenAPI document is generated from the triggers. These tests compare its copy, and what the triggers declare with what
/// the app does.
/// </summary>
public sealed class OpenApiTests
{
    private static readonly string Copy = Repository.Path("docs", "openapi.json");

    /// <summary>With <c>EDS_UPDATE_OPENAPI=1</c> it writes the copy instead.</summary>
    [Fact]
    public async Task Copy_IsWhatIsGeneratedFromTheTriggers()
    {
        await using var app = await EdsApp.StartAsync();
        using var response = await LoopbackHttp.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, new Uri(app.Api.BaseUrl, "openapi/v1.json")),
            TestContext.Current.CancellationToken);
        var generated = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) + "\n";

        if (Environment.GetEnvironmentVariable("EDS_UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(Copy, generated, TestContext.Current.CancellationToken);
        }

        Assert.True(
            generated == await File.ReadAllTextAsync(Copy, TestContext.Current.CancellationToken),
            "docs/openapi.json is out of date: run the tests once with EDS_UPDATE_OPENAPI=1.");
    }

    [Fact]
    public async Task OpenApi_IsTheCopy()
    {
        await using var app = await EdsApp.StartAsync();

        var response = await app.Api.GetAsync("openapi.json");

        Assert.Equal(Description.Text, response.ShouldBe(200).Text);
        Assert.Equal("application/json; charset=utf-8", response.Header("Content-Type"));
        Assert.Equal(await File.ReadAllTextAsync(Copy, TestContext.Current.CancellationToken), response.Text);
    }

    [Fact]
    public void Problem_IsDeclaredUnderItsStatus()
    {
        var created = ProblemSource.Read();
        var described =
            (from operation in Description.Operations()
             from response in operation.Operation.Responses!
             from problem in created
             where response.Value.Description!.Split(' ').Contains(problem.Name)
             select (problem.Name, response.Key)).ToHashSet();

        Assert.All(created, problem => Assert.Contains((problem.Name, $"{problem.Status}"), described));
        Assert.Equal(
            created.Select(problem => Problems.TypePrefix + problem.Name).Distinct().Order(),
            Description.Schema(nameof(Problem)).Properties!["type"].Enum!.Select(type => (string)type!).Order());
    }

    [Fact]
    public void StateFilter_TakesEveryState() => Assert.Equal(
        ["open", "closed", .. Enum.GetValues<VerificationState>().Select(state => state.Name())],
        Description.Operation(nameof(VerificationTriggers.ListVerifications)).Parameters!
            .Single(parameter => parameter.Name == "state").Schema!.Enum!.Select(state => (string)state!));

    [Fact]
    public void ExampleOfARequest_IsValid()
    {
        ShouldRead(nameof(VerificationTriggers.SendVerifyCode), ReadSend);
        ShouldRead(nameof(WebhookTriggers.SendVerifyCodeWebhook), ReadSend);
        ShouldRead(nameof(VerificationTriggers.ResendVerifyCode), ResendRequest.Read);
        ShouldRead(nameof(VerificationTriggers.CompleteVerification), CloseRequest.Read);
        ShouldRead(nameof(VerificationTriggers.CancelVerification), CloseRequest.Read);
        ShouldRead(nameof(VerificationTriggers.CheckCen), CheckRequest.Read);
        ShouldRead(nameof(VerificationTriggers.AttachCen), AttachRequest.Read);

        static SendVerification.Request ReadSend(ReadOnlyMemory<byte> body, FieldErrors errors) =>
            SendRequest.Read(body, new Regions([]), errors);

        static void ShouldRead<T>(string function, Func<ReadOnlyMemory<byte>, FieldErrors, T> read)
        {
            var examples = Description.Operation(function).RequestBody!.Content!["application/json"].Examples!;
            Assert.NotEmpty(examples);
            Assert.All(examples, example => read(Encoding.UTF8.GetBytes(example.Value.Value!.ToJsonString()), new FieldErrors()));
        }
    }

    [Fact]
    public async Task ResponseToASend_IsAsDeclared()
    {
        const string Send = nameof(VerificationTriggers.SendVerifyCode);
        const string Resend = nameof(VerificationTriggers.ResendVerifyCode);
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;

        ShouldBeDescribed(Send, 400, await app.Api.PostAsync("verifications", "{}"));
        ShouldBeDescribed(Send, 413, await app.Api.PostAsync("verifications", new string(' ', 70_000)));
        ShouldBeDescribed(Send, 415, await app.Api.PostAsync("verifications", "{}", "text/plain"));
        ShouldBeDescribed(Send, 201, await app.Api.SendAsync(verification, "key-1"));
        ShouldBeDescribed(Send, 201, await app.Api.SendAsync(verification, "key-1"));
        ShouldBeDescribed(Send, 422, await app.Api.SendAsync(A.Verification, "key-1"));
        var open = await app.Api.SendAsync(verification);
        ShouldBeDescribed(Send, 200, open);
        ShouldBeDescribed(Resend, 429, await app.Api.PostAsync($"verifications/{open.Id}/resend", null));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        ShouldBeDescribed(Resend, 200, await app.Api.PostAsync($"verifications/{open.Id}/resend", null));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        ShouldBeDescribed(Send, 502, await app.Api.SendAsync(A.Verification, "key-2"));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Throttle, RetryAfterMs: 3_600_000));
        ShouldBeDescribed(Send, 503, await app.Api.SendAsync(A.Verification));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Malformed));
        ShouldBeDescribed(Send, 504, await app.Api.SendAsync(A.Verification));
    }

    [Fact]
    public async Task ResponseToAnythingElse_IsAsDeclared()
    {
        const string List = nameof(VerificationTriggers.ListVerifications);
        const string Get = nameof(VerificationTriggers.GetVerification);
        const string Complete = nameof(VerificationTriggers.CompleteVerification);
        await using var app = await EdsApp.StartAsync();
        var sent = (await app.Api.SendAsync(A.Verification.By("alice", "a note"))).Id;

        ShouldBeDescribed(List, 200, await app.Api.GetAsync("verifications"));
        ShouldBeDescribed(List, 400, await app.Api.GetAsync("verifications?limit=0"));
        ShouldBeDescribed(Get, 200, await app.Api.GetAsync(sent));
        ShouldBeDescribed(Get, 404, await app.Api.GetAsync(Guid.Empty));
        app.Time.Advance(TimeSpan.FromHours(1));
        ShouldBeDescribed(nameof(ReportTriggers.GetStaleReport), 200, await app.Api.GetAsync("reports/stale"));
        var code = app.Alibaba.Outbox.Messages[0].Code;
        ShouldBeDescribed(nameof(VerificationTriggers.CheckCen), 200, await app.Api.PostAsync(
            $"verifications/{sent}/check", $$"""{"cidrBlock":"192.168.7.0/24","verifyCode":"{{code}}"}"""));
        ShouldBeDescribed(Complete, 400, await app.Api.CompleteAsync(sent, "[]"));
        ShouldBeDescribed(Complete, 404, await app.Api.CompleteAsync(Guid.Empty));
        ShouldBeDescribed(Complete, 200, await app.Api.CompleteAsync(sent, """{"by":"bob","note":"x"}"""));
        ShouldBeDescribed(Complete, 409, await app.Api.CompleteAsync(sent));
        ShouldBeDescribed(nameof(VerificationTriggers.CancelVerification), 409, await app.Api.CancelAsync(sent));
        ShouldBeDescribed(nameof(ServiceTriggers.Health), 200, await app.Api.GetAsync("health"));
    }

    private static void ShouldBeDescribed(string function, int status, ApiResponse response)
    {
        response.ShouldBe(status);
        Assert.True(
            Description.Operation(function).Responses!.TryGetValue($"{status}", out var described),
            $"{function} is not described as answering {status}.");

        var (mediaType, media) = Assert.Single(described.Content!);
        Assert.StartsWith($"{mediaType};", response.Header("Content-Type"), StringComparison.Ordinal);
        var body = JsonNode.Parse(response.Text)!;
        ShouldMatch(body, media.Schema!);
        if (mediaType == "application/problem+json")
        {
            var problem = ((string)body["type"]!)[Problems.TypePrefix.Length..];
            Assert.Contains(problem, described.Description!.Split(' '));
        }

        var headers = described.Headers ?? new Dictionary<string, IOpenApiHeader>();
        Assert.All(
            new[] { "Location", "Retry-After", "Idempotency-Replayed" }.Where(name => response.Header(name) is not null),
            name => Assert.Contains(name, headers.Keys));
        Assert.All(headers.Where(header => header.Value.Required), header => Assert.NotNull(response.Header(header.Key)));
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
