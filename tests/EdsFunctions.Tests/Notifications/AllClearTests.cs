namespace EdsFunctions.Tests.Notifications;

/// <summary>A channel gets one all-clear if it has accepted a notice about stale verifications before.</summary>
public sealed class AllClearTests
{
    private static readonly string AllClear = Texts.AllClear.English;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Report_LastStaleVerificationIsClosed_SendsOneAllClear()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync(count: 2);
        await app.RunReportAsync(Hour);
        await app.Api.CompleteAsync(waiting[0].Id);
        await app.RunReportAsync();
        Assert.Single(ops.Requests);

        await app.Api.CancelAsync(waiting[1].Id);
        await app.RunReportAsync();
        await app.RunReportAsync();

        Assert.Equal([AllClear], ops.Headlines.Skip(1));
    }

    [Fact]
    public async Task Report_StaleAgainAndRestarted_SendsAnotherAllClear()
    {
        using var folder = new TemporaryFolder();
        await using var ops = FakeChannel.Slack("ops");
        var settings = FakeChannel.Settings(ops);
        settings["Verifications:SqlitePath"] = folder.File("shared.db");
        await using (var before = await EdsApp.StartAsync(settings))
        {
            var first = await before.RecordPendingAsync();
            await before.RunReportAsync(Hour);
            await before.Api.CompleteAsync(first.Id);
            await before.RunReportAsync();
            var second = await before.RecordPendingAsync();
            await before.RunReportAsync(Hour);
            await before.Api.CompleteAsync(second.Id);
        }

        Assert.Equal(1, ops.Headlines.Count(headline => headline == AllClear));
        await using var after = await EdsApp.StartAsync(settings);
        await after.RunReportAsync();
        await after.RunReportAsync();

        Assert.Equal([AllClear], ops.Headlines.Skip(3));
    }

    [Theory]
    [InlineData("FA", 1, 0)] // It rejected the stale notice.
    [InlineData("AFA", 2, 1)] // It accepted the stale notice and rejected the reminder.
    [InlineData("AFA", 1, 2)] // It accepted the stale notice and rejected the first all-clear.
    public async Task Report_ChannelRejectsNotices_SendsAllClearUntilItIsAccepted(
        string script, int reports, int allClears)
    {
        await using var ops = FakeChannel.Slack("ops", script);
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync();
        for (var report = 0; report < reports; report++)
        {
            await app.RunReportAsync(TimeSpan.FromHours(4));
        }

        await app.Api.CompleteAsync(waiting.Id);
        for (var run = 0; run < 3; run++)
        {
            await app.RunReportAsync();
        }

        Assert.Equal(Enumerable.Repeat(AllClear, allClears), ops.Headlines.Skip(reports));
    }
}
