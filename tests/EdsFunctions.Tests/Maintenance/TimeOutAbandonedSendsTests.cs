using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Maintenance;

public sealed class TimeOutAbandonedSendsTests
{
    [Fact]
    public async Task Run_AbandonedSend_BecomesUnknownAndIsReported()
    {
        await using var app = await EdsApp.StartAsync();
        var abandoned = await app.RecordSendingAsync();
        await app.RunReportAsync(TimeSpan.FromSeconds(79));
        Assert.Equal(VerificationState.Sending, (await app.ReadAsync(abandoned)).State);

        await app.RunReportAsync(TimeSpan.FromMinutes(30));

        Assert.Equal(VerificationState.Unknown, (await app.ReadAsync(abandoned)).State);
        Assert.Contains(
            $"{abandoned.Id} unknown for 31 min",
            Assert.Single(app.LoggedReports()),
            StringComparison.Ordinal);
        Assert.Empty(app.Alibaba.Requests.Items);
    }

    [Fact]
    public async Task Run_MoreThanOnePageOfAbandonedSends_ExpiresAll()
    {
        await using var app = await EdsApp.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 450).Select(_ => app.RecordSendingAsync()));

        await app.RunReportAsync(TimeSpan.FromDays(7));

        Assert.All(
            await app.RecordsAsync(),
            verification => Assert.Equal(VerificationState.Expired, verification.State));
    }
}
