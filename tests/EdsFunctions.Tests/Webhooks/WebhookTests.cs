using System.Security.Cryptography;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Webhooks;

/// <summary>Sends that a webhook asks for.</summary>
public sealed class WebhookTests
{
    private const string Secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Webhooks:StandardSecrets:0"] = $"whsec_{Secret}",
        ["Webhooks:GitHubSecrets:0"] = "It's a Secret to Everybody",
    };

    [Fact]
    public async Task A_standard_webhook_sends_a_code()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var verification = A.Verification.By("cmdb", "a note");

        var sent = await DeliverAsync(app, Standard(app, verification.Json(), "msg_1"));

        Assert.Equal($"/api/verifications/{sent.ShouldBe(201).Id}", sent.Header("Location"));
        Assert.Equal(verification.CenId, sent["cenId"]);
        Assert.Equal("cmdb", sent["requestedBy"]);
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task A_webhook_signed_as_GitHub_does_sends_a_code()
    {
        await using var app = await EdsApp.StartAsync(Settings);

        (await DeliverAsync(app, GitHub(A.Verification.Json(), "72d3162e-cc78-11e3-81ab-4c9367dc0958"))).ShouldBe(201);

        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_delivery_that_came_before_is_answered_200_and_sends_nothing(bool standard)
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var json = A.Verification.Json();
        ChatRequest Deliver() => standard ? Standard(app, json, "msg_1") : GitHub(json, "msg_1");
        var first = (await DeliverAsync(app, Deliver())).ShouldBe(201);
        app.Time.Advance(TimeSpan.FromMinutes(5));

        var again = await DeliverAsync(app, Deliver());

        Assert.Equal(first.Id, again.ShouldBe(200).Id);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task A_delivery_whose_first_answer_was_a_failure_is_answered_200_too_so_that_the_sender_stops()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork));
        var json = A.Verification.Json();
        (await DeliverAsync(app, Standard(app, json, "msg_1"))).ShouldBeProblem(504, "outcome-unknown");

        Assert.Equal("unknown", (await DeliverAsync(app, Standard(app, json, "msg_1"))).ShouldBe(200)["state"]);

        Assert.Single(app.Alibaba.Requests.Items);
    }

    [Fact]
    public async Task A_delivery_that_comes_with_another_body_is_refused()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        await DeliverAsync(app, Standard(app, A.Verification.Json(), "msg_1"));

        (await DeliverAsync(app, Standard(app, A.Verification.Json(), "msg_1"))).ShouldBeProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task An_idempotency_key_of_a_caller_is_never_the_id_of_a_delivery()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var json = A.Verification.Json();
        await app.Api.PostAsync("verifications", json, idempotencyKey: "msg_1");

        (await DeliverAsync(app, Standard(app, json, "msg_1"))).ShouldBeProblem(429, "verification-cooldown");
    }

    [Theory]
    [InlineData("application/cloudevents+json")]
    [InlineData("application/cloudevents+json; charset=utf-8")]
    public async Task A_structured_cloud_event_carries_the_request(string type)
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var verification = A.Verification;
        var json = $$"""{"specversion":"1.0","id":"1","source":"/cmdb","type":"eds.requested","data":{{verification.Json()}}}""";

        Assert.Equal(verification.CenId, (await DeliverAsync(app, Standard(app, json, "msg_1", type))).ShouldBe(201)["cenId"]);
    }

    [Fact]
    public async Task A_binary_cloud_event_carries_the_request()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var verification = A.Verification;
        var request = With(Standard(app, verification.Json(), "msg_1"), ("ce-specversion", "1.0"), ("ce-id", "1"),
            ("ce-source", "/cmdb"), ("ce-type", "eds.requested"), ("ce-time", "2026-11-24T12:00:00Z"), ("ce-extra", "caf%C3%A9"));

        Assert.Equal(verification.CenId, (await DeliverAsync(app, request)).ShouldBe(201)["cenId"]);
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/cmdb","data":{}}""")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/cmdb","type":"a","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/cmdb","type":"a"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/cmdb","type":"a","data_base64":"e30="}""")]
    [InlineData("""{"specversion":"1.0","id":1,"source":"/cmdb","type":"a","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/cmdb","type":"a","data":{}""")]
    [InlineData("""[]""")]
    public async Task What_is_no_cloud_event_is_a_bad_request(string json)
    {
        await using var app = await EdsApp.StartAsync(Settings);

        (await DeliverAsync(app, Standard(app, json, "msg_1", "application/cloudevents+json"))).ShouldBeProblem(400, "invalid-request");
        Assert.Empty(await app.RecordsAsync());
    }

    [Theory]
    [InlineData("ce-specversion", "0.3")]
    [InlineData("ce-id", "")]
    [InlineData("ce-time", "yesterday")]
    [InlineData("ce-Bad_Name", "x")]
    public async Task What_is_half_an_envelope_is_a_bad_request(string header, string value)
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var request = With(Standard(app, A.Verification.Json(), "msg_1"), ("ce-specversion", "1.0"), ("ce-id", "1"),
            ("ce-source", "/cmdb"), ("ce-type", "eds.requested"), (header, value));

        (await DeliverAsync(app, request)).ShouldBeProblem(400, "invalid-request", "body");
    }

    [Fact]
    public async Task A_body_that_says_nothing_right_is_a_bad_request()
    {
        await using var app = await EdsApp.StartAsync(Settings);

        (await DeliverAsync(app, Standard(app, """{"regionId":"cn-hangzhou"}""", "msg_1"))).ShouldBeProblem(400, "invalid-request", "cenId");
        (await DeliverAsync(app, Standard(app, "{}", "msg_1", "text/plain"))).ShouldBeProblem(415, "unsupported-media-type");
        var anonymous = GitHub(A.Verification.Json(), "x");
        anonymous = anonymous with { Headers = anonymous.Headers.Where(header => header.Key != "X-GitHub-Delivery").ToDictionary() };
        (await DeliverAsync(app, anonymous)).ShouldBeProblem(400, "invalid-request", "X-GitHub-Delivery");
    }

    [Fact]
    public async Task Whatever_is_not_signed_is_refused()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var good = Standard(app, A.Verification.Json(), "msg_1");
        var old = Standard(app, A.Verification.Json(), "msg_1", at: app.Time.GetUtcNow().AddSeconds(-301));

        foreach (var request in new[]
                 {
                     good with { Headers = new Dictionary<string, string>() },
                     good.WithText(good.Text + " "),
                     With(good, ("webhook-id", "msg_2")),
                     // A signature of the other scheme does not help one that is not valid.
                     With(GitHub(good.Text, "1"), ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")),
                     old,
                 })
        {
            (await DeliverAsync(app, request)).ShouldBeProblem(401, "signature-invalid");
        }

        Assert.Empty(await app.RecordsAsync());
    }

    [Fact]
    public async Task Where_no_secret_is_configured_every_webhook_is_refused()
    {
        await using var app = await EdsApp.StartAsync();

        (await DeliverAsync(app, Standard(app, A.Verification.Json(), "msg_1"))).ShouldBeProblem(401, "signature-invalid");
        (await DeliverAsync(app, GitHub(A.Verification.Json(), "msg_1"))).ShouldBeProblem(401, "signature-invalid");
    }

    private static Task<ApiResponse> DeliverAsync(EdsApp app, ChatRequest request) =>
        request.SendAsync(app.Api.BaseUrl, "webhooks/verifications");

    private static ChatRequest Standard(
        EdsApp app, string json, string id, string type = "application/json", DateTimeOffset? at = null)
    {
        var time = (at ?? app.Time.GetUtcNow()).ToUnixTimeSeconds();
        var mac = HMACSHA256.HashData(Convert.FromBase64String(Secret), Encoding.UTF8.GetBytes($"{id}.{time}.{json}"));
        return new ChatRequest(type, Encoding.UTF8.GetBytes(json))
        {
            Headers = new Dictionary<string, string>
            {
                ["webhook-id"] = id,
                ["webhook-timestamp"] = $"{time}",
                ["webhook-signature"] = $"v1,{Convert.ToBase64String(mac)}",
            },
        };
    }

    private static ChatRequest GitHub(string json, string delivery)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Settings["Webhooks:GitHubSecrets:0"]!), body);
        return new ChatRequest("application/json", body)
        {
            Headers = new Dictionary<string, string>
            {
                ["X-GitHub-Event"] = "verification",
                ["X-GitHub-Delivery"] = delivery,
                ["X-Hub-Signature-256"] = $"sha256={Convert.ToHexStringLower(mac)}",
            },
        };
    }

    private static ChatRequest With(ChatRequest request, params (string Name, string Value)[] headers)
    {
        var all = new Dictionary<string, string>(request.Headers);
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }

        return request with { Headers = all };
    }
}
