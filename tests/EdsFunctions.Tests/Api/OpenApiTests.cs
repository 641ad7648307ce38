using System.Text.Json.Nodes;
using EdsFunctions.Tests.Verifications.Storage;
using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Api;

/// <summary>
/// Compares the OpenAPI document, which is generated from the triggers, with its copy in docs, and with the responses
/// of the app.
/// </summary>
public sealed class OpenApiTests
{
    private static readonly string Copy = Repository.Path("docs", "openapi.json");

    /// <summary>With the environment variable <c>EDS_UPDATE_OPENAPI=1</c>, the test writes the copy instead.</summary>
    [Fact]
    public async Task Copy_ComparedWithTheTriggers_IsUpToDate()
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
    public async Task OpenApi_AnyCaller_ReturnsTheCopy()
    {
        await using var app = await EdsApp.StartAsync();

        var response = await app.Api.GetAsync("openapi.json");

        Assert.Equal(OpenApiDescription.Text, response.ShouldBe(200).Text);
        Assert.Equal("application/json; charset=utf-8", response.Header("Content-Type"));
        Assert.Equal(await File.ReadAllTextAsync(Copy, TestContext.Current.CancellationToken), response.Text);
    }

    [Fact]
    public void Problem_OfAnyType_IsDeclaredUnderItsStatus()
    {
        var created = ProblemSource.Read();
        var described =
            (from operation in OpenApiDescription.Operations()
             from response in operation.Operation.Responses!
             from problem in created
             where response.Value.Description!.Split(' ').Contains(problem.Name)
             select (problem.Name, response.Key)).ToHashSet();

        Assert.All(created, problem => Assert.Contains((problem.Name, $"{problem.Status}"), described));
        Assert.Equal(
            created.Select(problem => Problems.TypePrefix + problem.Name).Distinct().Order(),
            OpenApiDescription.Schema(nameof(Problem)).Properties!["type"].Enum!.Select(type => (string)type!).Order());
    }

    [Fact]
    public void List_StateParameter_HasEveryState() => Assert.Equal(
        ["open", "closed", .. Enum.GetValues<VerificationState>().Select(state => state.Name())],
        OpenApiDescription.Operation(nameof(VerificationTriggers.ListVerifications)).Parameters!
            .Single(parameter => parameter.Name == "state").Schema!.Enum!.Select(state => (string)state!));

    [Fact]
    public void Request_AnyExample_IsValid()
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
            var examples = OpenApiDescription.Operation(function).RequestBody!.Content!["application/json"].Examples!;
            Assert.NotEmpty(examples);
            Assert.All(
                examples,
                example => read(Encoding.UTF8.GetBytes(example.Value.Value!.ToJsonString()), new FieldErrors()));
        }
    }

    [Fact]
    public async Task Send_AnyResponse_IsDeclared()
    {
        const string Send = nameof(VerificationTriggers.SendVerifyCode);
        const string Resend = nameof(VerificationTriggers.ResendVerifyCode);
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;

        ShouldBeDeclared(Send, 400, await app.Api.PostAsync("verifications", "{}"));
        ShouldBeDeclared(Send, 413, await app.Api.PostAsync("verifications", new string(' ', 70_000)));
        ShouldBeDeclared(Send, 415, await app.Api.PostAsync("verifications", "{}", "text/plain"));
        ShouldBeDeclared(Send, 201, await app.Api.SendAsync(verification, "key-1"));
        ShouldBeDeclared(Send, 201, await app.Api.SendAsync(verification, "key-1"));
        ShouldBeDeclared(Send, 422, await app.Api.SendAsync(A.Verification, "key-1"));
        var open = await app.Api.SendAsync(verification);
        ShouldBeDeclared(Send, 200, open);
        ShouldBeDeclared(Resend, 429, await app.Api.PostAsync($"verifications/{open.Id}/resend", null));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        ShouldBeDeclared(Resend, 200, await app.Api.PostAsync($"verifications/{open.Id}/resend", null));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        ShouldBeDeclared(Send, 502, await app.Api.SendAsync(A.Verification, "key-2"));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Throttle, RetryAfterMs: 3_600_000));
        ShouldBeDeclared(Send, 503, await app.Api.SendAsync(A.Verification));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Malformed));
        ShouldBeDeclared(Send, 504, await app.Api.SendAsync(A.Verification));
    }

    [Fact]
    public async Task OtherOperation_AnyResponse_IsDeclared()
    {
        const string List = nameof(VerificationTriggers.ListVerifications);
        const string Get = nameof(VerificationTriggers.GetVerification);
        const string Complete = nameof(VerificationTriggers.CompleteVerification);
        await using var app = await EdsApp.StartAsync();
        var sent = (await app.Api.SendAsync(A.Verification.By("alice", "a note"))).Id;

        ShouldBeDeclared(List, 200, await app.Api.GetAsync("verifications"));
        ShouldBeDeclared(List, 400, await app.Api.GetAsync("verifications?limit=0"));
        ShouldBeDeclared(Get, 200, await app.Api.GetAsync(sent));
        ShouldBeDeclared(Get, 404, await app.Api.GetAsync(Guid.Empty));
        app.Time.Advance(TimeSpan.FromHours(1));
        ShouldBeDeclared(nameof(ReportTriggers.GetStaleReport), 200, await app.Api.GetAsync("reports/stale"));
        var code = app.Alibaba.Outbox.Messages[0].Code;
        ShouldBeDeclared(nameof(VerificationTriggers.CheckCen), 200, await app.Api.PostAsync(
            $"verifications/{sent}/check", $$"""{"cidrBlock":"192.168.7.0/24","verifyCode":"{{code}}"}"""));
        ShouldBeDeclared(Complete, 400, await app.Api.CompleteAsync(sent, "[]"));
        ShouldBeDeclared(Complete, 404, await app.Api.CompleteAsync(Guid.Empty));
        ShouldBeDeclared(Complete, 200, await app.Api.CompleteAsync(sent, """{"by":"bob","note":"x"}"""));
        ShouldBeDeclared(Complete, 409, await app.Api.CompleteAsync(sent));
        ShouldBeDeclared(nameof(VerificationTriggers.CancelVerification), 409, await app.Api.CancelAsync(sent));
        ShouldBeDeclared(nameof(ServiceTriggers.Health), 200, await app.Api.GetAsync("health"));
    }

    [Theory]
    [InlineData("verification-unreadable")]
    [InlineData("internal-error")]
    [InlineData("store-unavailable")]
    public async Task SendFromWebhook_AppFails_Returns503AsDeclared(string problem)
    {
        var settings = new Dictionary<string, string?> { ["Webhooks:GitHubSecrets:0"] = WebhookTests.GitHubSecret };
        await using var app = await EdsApp.StartAsync(settings, StoreDecorator.Around((method, call) =>
            method != nameof(IVerificationStore.GetTargetAsync) ? call() : throw problem switch
            {
                "verification-unreadable" => new UnreadableRecordException(Guid.Empty, new JsonException()),
                "store-unavailable" => new StoreUnavailableException(new IOException("The connection ended.")),
                _ => new InvalidOperationException("A defect."),
            }));

        var response = await WebhookTests.GitHub(Encoding.UTF8.GetBytes(A.Verification.Json()))
            .SendAsync(app.Api.BaseUrl, "webhooks/verifications");

        const string Function = nameof(WebhookTriggers.SendVerifyCodeWebhook);
        ShouldBeDeclared(Function, 503, response.ShouldBeProblem(503, problem));
        Assert.DoesNotContain("500", OpenApiDescription.Operation(Function).Responses!.Keys);
    }

    private static void ShouldBeDeclared(string function, int status, ApiResponse response)
    {
        response.ShouldBe(status);
        Assert.True(
            OpenApiDescription.Operation(function).Responses!.TryGetValue($"{status}", out var described),
            $"{function} is not declared to respond with {status}.");

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
        string[] optional = ["Location", "Retry-After", "Idempotency-Replayed"];
        Assert.All(
            optional.Where(name => response.Header(name) is not null), name => Assert.Contains(name, headers.Keys));
        Assert.All(
            headers.Where(header => header.Value.Required), header => Assert.NotNull(response.Header(header.Key)));
    }

    /// <summary>
    /// Asserts that a JSON value has the type, the properties and the items of its schema, and no others.
    /// </summary>
    private static void ShouldMatch(JsonNode? value, IOpenApiSchema schema)
    {
        JsonSchemaType[] types = value?.GetValueKind() switch
        {
            null => [JsonSchemaType.Null],
            JsonValueKind.True or JsonValueKind.False => [JsonSchemaType.Boolean],
            JsonValueKind.Number => [JsonSchemaType.Integer, JsonSchemaType.Number],
            { } kind => [Enum.Parse<JsonSchemaType>($"{kind}")],
        };
        Assert.True(
            types.Any(type => schema.Type is null || (schema.Type.Value & type) != 0),
            $"{value} is not a {schema.Type}.");
        Assert.True(
            schema.Enum is not { Count: > 0 } values || values.Any(each => JsonNode.DeepEquals(each, value)),
            $"{value} is not a declared value.");
        if (value is JsonArray items)
        {
            Assert.All(items, item => ShouldMatch(item, schema.Items!));
        }
        else if (value is JsonObject properties)
        {
            var required = schema.Required ?? new HashSet<string>();
            Assert.Empty(required.Except(properties.Select(property => property.Key)));
            Assert.All(properties, property => ShouldMatch(
                property.Value,
                schema.Properties is { } described && described.TryGetValue(property.Key, out var one)
                    ? one
                    : schema.AdditionalProperties!));
        }
    }
}
