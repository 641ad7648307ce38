using System.Security.Cryptography;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Api;

/// <summary>Webhooks with the signature of Standard Webhooks or of GitHub request a code.</summary>
public sealed class WebhookTests
{
    private const string Secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    internal const string GitHubSecret = "It's a Secret to Everybody";

    internal static readonly Dictionary<string, string?> Settings = new()
    {
        ["Webhooks:StandardSecrets:0"] = $"whsec_{Secret}",
        ["Webhooks:GitHubSecrets:0"] = GitHubSecret,
    };

    /// <summary>
    /// The signature of a webhook does not cover the query, so an idempotency key in the query is ignored.
    /// </summary>
    [Fact]
    public async Task Deliver_KeyInTheQuery_IsIgnored()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var delivery = GitHub(A.Verification.Json());

        (await delivery.SendAsync(app.Api.BaseUrl, "webhooks/verifications?idempotencyKey=1")).ShouldBe(201);
        (await delivery.SendAsync(app.Api.BaseUrl, "webhooks/verifications?idempotencyKey=2")).ShouldBe(200);
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task Deliver_OtherMediaType_Returns415()
    {
        await using var app = await EdsApp.StartAsync(Settings);

        (await DeliverAsync(app, Standard(app, "{}", type: "text/plain")))
            .ShouldBeProblem(415, "unsupported-media-type");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deliver_InvalidSignature_Returns401(bool hasSecrets)
    {
        await using var app = await EdsApp.StartAsync(hasSecrets ? Settings : []);
        var good = Standard(app, A.Verification.Json());
        ChatRequest[] refused =
        [
            good with { Headers = new Dictionary<string, string>() },
            good.WithText(good.Text + " "),
            good.With(("webhook-id", "msg_2")),
            // The delivery also has a signature of the other scheme, which is invalid.
            GitHub(good.Text).With(("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")),
            GitHub(good.Text).With(("X-Hub-Signature-256", "sha256=")),
            GitHub(good.Text).With(("X-Hub-Signature-256", "sha1=8231764509128345")),
            Standard(app, good.Text, age: TimeSpan.FromSeconds(301)),
            .. hasSecrets ? Array.Empty<ChatRequest>() : [good, GitHub(good.Text)],
        ];

        foreach (var request in refused)
        {
            (await DeliverAsync(app, request)).ShouldBeProblem(401, "signature-invalid");
        }

        Assert.Empty(await app.RecordsAsync());
    }

    internal static Task<ApiResponse> DeliverAsync(EdsApp app, ChatRequest request) =>
        request.SendAsync(app.Api.BaseUrl, "webhooks/verifications");

    internal static ChatRequest Standard(
        EdsApp app, string json, string id = "msg_1", string type = "application/json", TimeSpan age = default)
    {
        var time = (app.Time.GetUtcNow() - age).ToUnixTimeSeconds();
        var mac = HMACSHA256.HashData(Convert.FromBase64String(Secret), Encoding.UTF8.GetBytes($"{id}.{time}.{json}"));
        return new ChatRequest(type, Encoding.UTF8.GetBytes(json)).With(
            ("webhook-id", id),
            ("webhook-timestamp", $"{time}"),
            ("webhook-signature", $"v1,{Convert.ToBase64String(mac)}"));
    }

    internal static ChatRequest GitHub(string json) => GitHub(Encoding.UTF8.GetBytes(json));

    internal static ChatRequest GitHub(byte[] body)
    {
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(GitHubSecret), body);
        return new ChatRequest("application/json", body).With(
            ("X-GitHub-Event", "verification"),
            ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
            ("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(mac)}"));
    }
}
