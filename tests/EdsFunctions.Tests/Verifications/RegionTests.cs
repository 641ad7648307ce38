using System.Security.Cryptography;
using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Verifications;

/// <summary>The app accepts only known regions, because a region becomes a part of a host name.</summary>
public class RegionTests
{
    private const string Secret = "It's a Secret to Everybody";

    [Theory]
    [InlineData("ops-1234")]
    [InlineData("cn-heyuan")]
    [InlineData("cn-a")]
    public async Task Send_UnknownRegion_IsRefusedFromHttpWebhookAndChat(string region)
    {
        await using var session = await ChatSession.OpenAsync("Slack", new() { ["Webhooks:GitHubSecrets:0"] = Secret });
        var webhook = new ChatRequest(
            "application/json", Encoding.UTF8.GetBytes(A.Verification.InRegion(region).Json()));
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), webhook.Body);
        webhook = webhook.With(("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(mac)}"));

        ApiResponse[] responses =
        [
            await webhook.SendAsync(session.App.Api.BaseUrl, "webhooks/verifications"),
            await session.App.Api.SendAsync(A.Verification.InRegion(region)),
        ];
        var reply = await session.SendAsync($"send {A.FreshCen()} 1234567890123456 {region.ToUpperInvariant()}");

        Assert.All(responses, response => response.ShouldBeProblem(400, "invalid-request", "regionId"));
        Assert.Contains("word 4 is not a CEN", reply, StringComparison.Ordinal);
        Assert.Empty(session.App.Alibaba.Requests.Items);
        Assert.Empty(await session.App.RecordsAsync());
    }

    [Fact]
    public async Task Send_AdditionalRegion_IsAccepted()
    {
        await using var app = await EdsApp.StartAsync(new() { ["Alibaba:AdditionalRegions:0"] = "cn-heyuan" });

        Assert.Equal(
            "cn-heyuan", (await app.Api.SendAsync(A.Verification.InRegion("cn-heyuan"))).ShouldBe(201)["regionId"]);
    }

    /// <summary>An older version of the app, which did not validate regions, wrote the record.</summary>
    [Fact]
    public async Task Resend_RecordWithAnUnknownRegion_SendsNothing()
    {
        await using var app = await EdsApp.StartAsync();
        var waiting = await app.RecordPendingAsync(A.Verification.InRegion("ops-1234"));
        app.Time.Advance(TimeSpan.FromMinutes(5));

        (await app.Api.PostAsync($"verifications/{waiting.Id}/resend", "{}")).ShouldBeProblem(503, "not-sent");

        Assert.Empty(app.Alibaba.Requests.Items);
        Assert.Equal(VerificationState.Pending, (await app.ReadAsync(waiting)).State);
    }
}
