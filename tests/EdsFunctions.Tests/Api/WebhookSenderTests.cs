using System.Security.Cryptography;
using EdsFunctions.Tests.ChatOps;
using static EdsFunctions.Tests.Api.WebhookTests;

namespace EdsFunctions.Tests.Api;

/// <summary>
/// Webhook senders that use a signature scheme with other header names, and the pings by which they test a webhook.
/// </summary>
public sealed class WebhookSenderTests
{
    private const string Hub256 = "X-Hub-Signature-256";
    private const string Hub = "X-Hub-Signature";

    /// <summary>Some senders of Standard Webhooks use the header names of Svix: svix/svix-docs#330.</summary>
    [Fact]
    public async Task Deliver_HeadersOfSvix_AreThoseOfStandardWebhooks()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var standard = Standard(app, A.Verification.Json());
        var svix = Svix(standard);

        var sent = (await DeliverAsync(app, svix)).ShouldBe(201);
        var repeat = (await DeliverAsync(app, standard)).ShouldBe(200);

        Assert.Equal((sent.Id, "true"), (repeat.Id, repeat.Header("Idempotency-Replayed")));
        (await DeliverAsync(app, svix.WithText(svix.Text + " "))).ShouldBeProblem(401, "signature-invalid");
        (await DeliverAsync(app, svix.With(("svix-id", "msg_2")))).ShouldBeProblem(401, "signature-invalid");
        (await DeliverAsync(app, Svix(Standard(app, standard.Text, age: TimeSpan.FromSeconds(301)))))
            .ShouldBeProblem(401, "signature-invalid");
    }

    [Fact]
    public async Task Deliver_HeadersUnderBothNames_MustAgree()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var standard = Standard(app, A.Verification.Json());
        var other = Svix(Standard(app, standard.Text, "msg_2"));
        var invalid = Svix(standard).With(("svix-signature", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));

        // Each of the two signatures is valid, but they are of different deliveries.
        (await DeliverAsync(app, standard.With(Pairs(other)))).ShouldBeProblem(401, "signature-invalid");
        (await DeliverAsync(app, standard.With(Pairs(invalid)))).ShouldBeProblem(401, "signature-invalid");
        Assert.Empty(await app.RecordsAsync());
        (await DeliverAsync(app, standard.With(Pairs(Svix(standard))))).ShouldBe(201);
    }

    /// <summary>
    /// Bitbucket and Jira send a SHA-256 signature in a header without the suffix -256 (adnanh/webhook#662,
    /// NousResearch/hermes-agent#30997). Gitea, Gogs and Forgejo also send the hexadecimal digits alone
    /// (go-gitea/gitea#16115).
    /// </summary>
    [Theory]
    [InlineData(Hub, "sha256=", "X-Request-UUID", "X-Event-Key", "repo:push")]
    [InlineData(Hub, "sha256=", "X-Atlassian-Webhook-Identifier", "X-Atlassian-Webhook-Flow", "Primary")]
    [InlineData(Hub, "SHA256=", "X-Snyk-Transport-Id", "X-Snyk-Event", "project_snapshot/v0")]
    [InlineData("X-Gitea-Signature", "", "X-Gitea-Delivery", "X-Gitea-Event", "push")]
    [InlineData("X-Gogs-Signature", "", "X-Gogs-Delivery", "X-Gogs-Event", "push")]
    [InlineData("X-Forgejo-Signature", "", "X-Forgejo-Delivery", "X-Forgejo-Event", "push")]
    public async Task Deliver_GitHubSchemeUnderAnotherName_IsVerified(
        string header, string prefix, string idHeader, string eventHeader, string eventName)
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var json = A.Verification.Json();
        var signed = Unsigned(json).With(
            (header, prefix + Hex(json)), (idHeader, "72d3162e"), (eventHeader, eventName));

        (await DeliverAsync(app, signed.WithText(json + " "))).ShouldBeProblem(401, "signature-invalid");
        (await DeliverAsync(app, signed)).ShouldBe(201);
        // A delivery with the same body is a repeat, whatever the name of its header is.
        (await DeliverAsync(app, GitHub(json))).ShouldBe(200);
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    /// <summary>GitHub sends a SHA-1 signature in the old header, and a SHA-256 signature in the new header.</summary>
    [Theory]
    [InlineData(true, null, 401)]
    [InlineData(true, "right", 201)]
    [InlineData(true, "wrong", 401)]
    [InlineData(false, "right", 201)]
    [InlineData(false, "wrong", 401)]
    public async Task Deliver_SeveralSignatures_AllOfSha256MustBeValid(bool hasSha1, string? sha256, int status)
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var json = A.Verification.Json();
#pragma warning disable CA5350 // The sender's signature, which must not count.
        var sha1 = HMACSHA1.HashData(Encoding.UTF8.GetBytes(GitHubSecret), Encoding.UTF8.GetBytes(json));
#pragma warning restore CA5350
        var request = Unsigned(json).With((Hub, hasSha1
            ? $"sha1={Convert.ToHexStringLower(sha1)}"
            : $"sha256={Hex(json)}"));
        if (sha256 is not null)
        {
            request = request.With((Hub256, $"sha256={Hex(sha256 == "right" ? json : "{}")}"));
        }

        (await DeliverAsync(app, request)).ShouldBe(status);
        Assert.Equal(status == 201 ? 1 : 0, app.Alibaba.Outbox.Messages.Count);
    }

    /// <summary>
    /// Senders test a new webhook with a ping: GitHub (influxdata/telegraf#2473, akuity/kargo#4258), Bitbucket
    /// (runatlantis/atlantis#474) and Gitea (go-gitea/gitea#37055).
    /// </summary>
    [Theory]
    [InlineData("X-GitHub-Event", "ping", """{"zen":"Design for failure.","hook_id":1,"hook":{"type":"Repository"}}""")]
    [InlineData("X-GITHUB-EVENT", "Ping", "{}")]
    [InlineData("X-GitHub-Event", "ping", "payload=%7B%22zen%22%3A%22%22%7D", "application/x-www-form-urlencoded")]
    [InlineData("X-Gitea-Event", "ping", "{}")]
    [InlineData("X-Gogs-Event", "ping", "")]
    [InlineData("X-Forgejo-Event", "ping", "{}")]
    [InlineData("X-Event-Key", "diagnostics:ping", """{"test":true}""")]
    [InlineData("X-Snyk-Event", "ping/v0", """{"webhookId":"d3cf26b3"}""")]
    [InlineData("X-Buildkite-Event", "ping", """{"event":"ping","service":{}}""")]
    // A relay passes on the body of a ping, but not always its header.
    [InlineData("X-Other", "1", """{"zen":"","hook_id":1}""")]
    [InlineData("X-Other", "1", """{"test":true}""")]
    [InlineData("X-Other", "1", """{"event":"ping"}""")]
    [InlineData("X-Other", "1", """{"type":"webhook.ping","id":"1"}""")]
    public async Task Deliver_SignedPing_Returns200AndDoesNothing(
        string header, string value, string body, string type = "application/json")
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var ping = Unsigned(body, type).With((header, value));

        (await DeliverAsync(app, ping.With((Hub256, $"sha256={Hex(body)}")))).ShouldBe(200);
        (await DeliverAsync(app, ping.With((Hub, $"sha256={Hex(body)}")))).ShouldBe(200);
        (await DeliverAsync(app, Standard(app, body, type: type).With((header, value)))).ShouldBe(200);
        (await DeliverAsync(app, ping)).ShouldBeProblem(401, "signature-invalid");
        (await DeliverAsync(app, ping.With((Hub256, $"sha256={Hex("{ }")}"))))
            .ShouldBeProblem(401, "signature-invalid");

        Assert.Empty(await app.RecordsAsync());
        Assert.Empty(app.Alibaba.Requests.Items);
    }

    /// <summary>Deliveries that are no ping: another event, and requests that mention a ping.</summary>
    [Theory]
    [InlineData("X-GitHub-Event", "push", """{"ref":"refs/heads/main"}""", 400)]
    [InlineData("X-GitHub-Event", "shipping", "{}", 400)]
    // A request stays a request if a header says that it is a ping: the header is not signed, and the request must not
    // be lost.
    [InlineData("X-GitHub-Event", "ping", """{"regionId":"cn-hangzhou","cenId":"cen-a"}""", 201)]
    [InlineData("X-Event-Key", "diagnostics:ping", "\uFEFF{\"regionId\":\"cn-hangzhou\",\"CENID\":\"cen-a\"}", 201)]
    [InlineData("X-GitHub-Event", "ping", """{"cenId":"cen-a"}""", 400)]
    [InlineData("X-Other", "1", """{"test":false}""", 400)]
    [InlineData("X-Other", "1", """{"message":"please ping me"}""", 400)]
    [InlineData("X-Other", "1", """{"note":"ping"}""", 400)]
    [InlineData("X-Other", "1", """{"regionId":"cn-hangzhou","cenId":"cen-a","zen":"x"}""", 400)]
    [InlineData("X-Other", "1", """{"regionId":"cn-hangzhou","cenId":"cen-a","note":"ping"}""", 201)]
    public async Task Deliver_NoPing_IsReadAsARequest(string header, string value, string body, int status)
    {
        await using var app = await EdsApp.StartAsync(Settings);

        (await DeliverAsync(app, Unsigned(body).With((Hub256, $"sha256={Hex(body)}"), (header, value))))
            .ShouldBe(status);
    }

    /// <summary>The type of a CloudEvent may have any value, even ping.</summary>
    [Fact]
    public async Task Deliver_CloudEventOfTypePing_IsReadAsARequest()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var json = A.Verification.Json();

        (await DeliverAsync(app, Standard(
            app,
            $$"""{"specversion":"1.0","id":"1","source":"/cmdb","type":"ping","data":{{json}}}""",
            type: "application/cloudevents+json"))).ShouldBe(201);
    }

    private static ChatRequest Unsigned(string body, string type = "application/json") =>
        new(type, Encoding.UTF8.GetBytes(body));

    private static string Hex(string body) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(GitHubSecret), Encoding.UTF8.GetBytes(body)));

    private static ChatRequest Svix(ChatRequest standard) => standard with
    {
        Headers = standard.Headers.ToDictionary(
            header => header.Key.Replace("webhook-", "svix-", StringComparison.Ordinal), header => header.Value),
    };

    private static (string Name, string Value)[] Pairs(ChatRequest request) =>
        [.. request.Headers.Select(header => (header.Key, header.Value))];
}
