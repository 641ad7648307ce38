using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Http;

/// <summary>What the description shows is what the app takes and gives, and what the app gives is described.</summary>
public sealed class OpenApiExampleTests
{
    /// <summary>As the app writes, but nothing may be there that no type has.</summary>
    private static readonly JsonSerializerOptions Strict = new(EdsJson.Default.Options)
    {
        // The app writes them in more than one context.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    [Fact]
    public void Every_request_for_a_code_that_is_shown_is_one()
    {
        var shown = Description.Examples(Description.Operation(Functions.SendVerifyCode).RequestBody!.Content).ToArray();

        Assert.NotEmpty(shown);
        Assert.All(shown, example => SendRequest.Read(Encoding.UTF8.GetBytes(example.ToJsonString()), new FieldErrors()));
    }

    [Theory]
    [InlineData(Functions.CompleteVerification)]
    [InlineData(Functions.CancelVerification)]
    public void Every_request_to_close_that_is_shown_is_one(string function)
    {
        var body = Description.Operation(function).RequestBody!;
        var shown = Description.Examples(body.Content).ToArray();

        Assert.False(body.Required);
        Assert.NotEmpty(shown);
        Assert.All(shown, example => CloseRequest.Read(Encoding.UTF8.GetBytes(example.ToJsonString()), new FieldErrors()));
    }

    [Fact]
    public void Every_answer_that_is_shown_is_as_the_app_writes_it()
    {
        var shown =
            (from described in Description.Operations()
             from response in described.Operation.Responses!.Values
             from content in response.Content ?? new Dictionary<string, IOpenApiMediaType>()
             where content.Value.Schema is OpenApiSchemaReference
             from example in Description.Examples(response.Content, content.Key)
             select (Schema: ((OpenApiSchemaReference)content.Value.Schema!).Reference.Id!, Example: example)).ToArray();

        Assert.Equal(
            ["CenCheck", "Health", "Problem", "StaleReport", "Verification", "VerificationList"],
            shown.Select(answer => answer.Schema).Distinct().Order());
        Assert.All(shown, answer =>
        {
            var name = answer.Schema == nameof(Problem) ? answer.Schema : $"{answer.Schema}View";
            var type = typeof(Problem).Assembly.GetTypes().Single(candidate => candidate.Name == name);
            var read = answer.Example.Deserialize(type, Strict);
            Assert.True(
                JsonNode.DeepEquals(answer.Example, JsonSerializer.SerializeToNode(read, type, Strict)),
                answer.Example.ToJsonString());
            Assert.All(Description.Schema(answer.Schema).Required!, name => Assert.NotNull(PropertyOf(answer.Example, name)));
        });
    }

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
        ShouldBeDescribed(Functions.SendVerifyCode, 429, await app.Api.SendAsync(verification));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        ShouldBeDescribed(Functions.SendVerifyCode, 200, await app.Api.SendAsync(verification));
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
        ShouldBeDescribed(Functions.CompleteVerification, 400, await app.Api.CompleteAsync(sent, "[]"));
        ShouldBeDescribed(Functions.CompleteVerification, 404, await app.Api.CompleteAsync(Guid.Empty));
        ShouldBeDescribed(Functions.CompleteVerification, 200, await app.Api.CompleteAsync(sent, """{"by":"bob","note":"x"}"""));
        ShouldBeDescribed(Functions.CompleteVerification, 409, await app.Api.CompleteAsync(sent));
        ShouldBeDescribed(Functions.CancelVerification, 409, await app.Api.CancelAsync(sent));
        ShouldBeDescribed(Functions.Health, 200, await app.Api.GetAsync("health"));
    }

    /// <summary>Null where it is not there; a null that is there is a value of its own.</summary>
    private static string? PropertyOf(JsonNode example, string name) =>
        example.AsObject().TryGetPropertyValue(name, out var value) ? value?.ToJsonString() ?? "null" : null;

    private static void ShouldBeDescribed(string function, int status, ApiResponse answer)
    {
        answer.ShouldBe(status);
        Assert.True(
            Description.Operation(function).Responses!.TryGetValue($"{status}", out var described),
            $"{function} is not described as answering {status}.");

        var (mediaType, media) = Assert.Single(described.Content!);
        Assert.StartsWith($"{mediaType};", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.All(answer.Json.EnumerateObject(), property => Assert.Contains(property.Name, media.Schema!.Properties!.Keys));

        var headers = described.Headers ?? new Dictionary<string, IOpenApiHeader>();
        Assert.All(
            new[] { "Location", "Retry-After", "Idempotency-Replayed" }.Where(name => answer.Header(name) is not null),
            name => Assert.Contains(name, headers.Keys));
        Assert.All(headers.Where(header => header.Value.Required), header => Assert.NotNull(answer.Header(header.Key)));
    }
}
