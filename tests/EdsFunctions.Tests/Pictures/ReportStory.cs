using EdsFunctions.Tests.Reporting.Channels;

namespace EdsFunctions.Tests.Pictures;

/// <summary>What the report tells a channel: what waits too long, what is given up, and that nothing waits any more.</summary>
internal static class ReportStory
{
    /// <summary>What one channel is told, in this order.</summary>
    private static readonly string[] Names = ["report", "given-up", "all-clear"];

    /// <param name="kind">The kind of channel.</param>
    /// <param name="language">The language of the reports.</param>
    public static async Task<IReadOnlyList<Payload>> TellAsync(ReportChannelKind kind, string language)
    {
        await using var channel = PlayedChannel.Of(kind, "team");
        var settings = PlayedChannel.Settings(channel);
        settings["StaleReport:Language"] = language;
        await using var app = await EdsApp.StartAsync(settings);
        await TellAsync(app);

        Assert.Equal(Names.Length, channel.Requests.Count);
        return
        [
            .. channel.Requests.Zip(Names, (request, name) => new Payload(
                $"{kind.ToString().ToLowerInvariant()}-{name}{(language == "en" ? "" : "-zh")}", request.Body)),
        ];
    }

    private static async Task TellAsync(EdsApp app)
    {
        await app.Api.SendAsync(A.Verification.ForCen("cen-3weq30r6t0s7t4abcd").By("alice", "office in Hangzhou"));
        app.Time.Advance(TimeSpan.FromMinutes(97));
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork));
        await app.Api.SendAsync(
            A.Verification.ForCen("cen-8kd02mfzq1x5p7wxyz").InRegion("cn-shanghai").OwnedBy(6543210987654321).By("bob"));
        app.Time.Advance(TimeSpan.FromMinutes(34));
        await app.RunReportAsync();
        app.Time.Advance(TimeSpan.FromDays(7));
        await app.RunReportAsync();
    }
}
