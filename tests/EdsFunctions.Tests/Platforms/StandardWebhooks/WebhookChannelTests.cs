using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Platforms.StandardWebhooks;

public sealed class WebhookChannelTests
{
    [Fact]
    public async Task Report_AnyReceiver_IsSignedAsAStandardWebhook()
    {
        await using var webhook = FakeChannel.Create("Webhook", "webhook");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(webhook));
        await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));

        var request = Assert.Single(webhook.Requests);
        var headers = new HeaderDictionary();
        foreach (var name in new[] { "webhook-id", "webhook-timestamp", "webhook-signature" })
        {
            headers[name] = request.Header(name);
        }

        Assert.Equal(
            SignatureCheck.Valid,
            StandardWebhooksSender.Signature.Verify(
                StandardWebhooksSender.ParseKeys([FakeChannel.WebhookSecret]),
                headers,
                Encoding.UTF8.GetBytes(request.Body),
                app.Time.GetUtcNow()));
        Assert.Equal("application/json; charset=utf-8", request.Header("Content-Type"));
    }
}
