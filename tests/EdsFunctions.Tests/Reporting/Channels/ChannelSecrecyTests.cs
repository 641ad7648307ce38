namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>Addresses and secrets of channels are not logged, and no channel is told a whole account id.</summary>
public sealed class ChannelSecrecyTests
{
    private const string Owner = "1234567890123456";
    private const string Hidden = "SecretOfTheRobot";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Neither_the_log_nor_a_channel_contains_a_secret(bool accepted)
    {
        var kinds = Enum.GetValues<ReportChannelKind>();
        var channels = kinds
            .Select(kind => PlayedChannel.Of(kind, $"{kind}", accepted ? PlayedChannel.AcceptanceOf(kind) : PlayedChannel.Fails))
            .ToList();
        var settings = PlayedChannel.Settings(channels);
        settings["StaleReport:Channels:DingTalk:Secret"] = Hidden;
        settings["StaleReport:Channels:Feishu:Secret"] = Hidden;
        await using (var app = await EdsApp.StartAsync(settings))
        {
            await app.RecordPendingAsync(A.Verification.OwnedBy(1234567890123456));
            await app.RunReportAsync(TimeSpan.FromHours(1));
            await app.RunReportAsync(TimeSpan.FromDays(8));

            foreach (var secret in new[] { "SecretInThePath", "SecretInTheQuery", Hidden, PlayedChannel.WebhookSecret, "TextOfThePlatform", Owner })
            {
                Assert.DoesNotContain(app.Log.Entries, entry => entry.Text.Contains(secret, StringComparison.Ordinal));
            }
        }

        foreach (var channel in channels)
        {
            Assert.InRange(channel.Requests.Count, 2, 3);
            Assert.All(channel.Requests, request => Assert.DoesNotContain(Owner, request.Body, StringComparison.Ordinal));
            Assert.All(channel.Requests, request => Assert.Null(request.Header("traceparent")));
            await channel.DisposeAsync();
        }
    }
}
