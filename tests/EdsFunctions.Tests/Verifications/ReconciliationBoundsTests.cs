using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications;

/// <summary>What the timer does not complete, since Alibaba's list does not say that it is meant.</summary>
public class ReconciliationBoundsTests
{
    private const string Site = "cn-hangzhou+dir-7";

    [Fact]
    public async Task Reconcile_OfficeNetworkThatNamedTheCenBeforeWhateverItsStatus_CompletesNothing()
    {
        await using var app = await EdsApp.StartAsync(new() { ["Reconcile:Enabled"] = "true" });
        var waiting = await app.RecordPendingAsync();
        Put(app, "cn-hangzhou+dir-7", waiting, "attaching");
        Put(app, "cn-hangzhou+dir-8", waiting, "detaching");
        await app.RunReportAsync();
        Put(app, "cn-hangzhou+dir-7", waiting, "attached");
        Put(app, "cn-hangzhou+dir-8", waiting, "attached");

        await app.RunReportAsync();

        Assert.True((await app.ReadAsync(waiting)).IsOpen);
        Assert.Equal(["cn-hangzhou+dir-7", "cn-hangzhou+dir-8"], (await app.ReadAsync(waiting)).Baseline);
        Put(app, "cn-hangzhou+dir-9", waiting, "attached");
        await app.RunReportAsync();
        Assert.Equal("cn-hangzhou+dir-9", (await app.ReadAsync(waiting)).OfficeSiteId);
    }

    /// <summary>The list shows the attachment on its first page, and leads back to a page, or never ends.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(int.MaxValue, 50)]
    public async Task Reconcile_ListWithoutEnd_SaysNothing(int tokens, int reads)
    {
        var (pages, isEndless, cen) = (0, false, "");
        await using var gateway = RawHttpServer.Start(_ =>
        {
            var next = Volatile.Read(ref isEndless) ? $"page-{Interlocked.Increment(ref pages) % tokens}" : "";
            var sites = Volatile.Read(ref isEndless)
                ? $$"""{"OfficeSiteId":"{{Site}}","CenId":"{{cen}}","CenAttachStatus":"attached"}"""
                : "";
            return Task.FromResult(RawHttpReply.Create(
                200, "application/json", $$"""{"RequestId":"R-1","OfficeSites":[{{sites}}],"NextToken":"{{next}}"}"""));
        });
        await using var app = await EdsApp.StartAsync(
            new() { ["Reconcile:Enabled"] = "true", ["Alibaba:EndpointOverride"] = $"{gateway.Url}" });
        var waiting = await app.RecordPendingAsync();
        cen = waiting.Target.CenId!;
        await app.RunReportAsync();
        var before = gateway.Requests.Count;
        Volatile.Write(ref isEndless, true);

        await app.RunReportAsync();

        Assert.Equal(reads, gateway.Requests.Count - before);
        Assert.True((await app.ReadAsync(waiting)).IsOpen);
        Assert.Contains("endless list", Assert.Single(app.Logged(eventId: 106)), StringComparison.Ordinal);
        Volatile.Write(ref isEndless, false);
        await app.RunReportAsync();
        Assert.True((await app.ReadAsync(waiting)).IsOpen);
    }

    [Fact]
    public async Task Reconcile_AttachmentThatTwoVerificationsCouldMean_CompletesNone()
    {
        await using var app = await EdsApp.StartAsync(new() { ["Reconcile:Enabled"] = "true" });
        var (one, other) = await RecordTwoOwnersAsync(app);
        await app.RunReportAsync();
        Put(app, Site, one, "attached");

        await app.RunReportAsync();

        Assert.All(await app.RecordsAsync(), record => Assert.True(record.IsOpen));
        Assert.Contains(Site, Assert.Single(app.Logged(eventId: 109)), StringComparison.Ordinal);
        await app.Api.CancelAsync(other.Id);
        await app.RunReportAsync();
        Assert.Equal((VerificationState.Completed, Site), ((await app.ReadAsync(one)).State, (await app.ReadAsync(one)).OfficeSiteId));
    }

    /// <summary>The one that asked for the attachment is meant, and the other is not completed by the same attachment later.</summary>
    [Fact]
    public async Task Reconcile_OneAttachment_CompletesOneVerification()
    {
        await using var app = await EdsApp.StartAsync(new() { ["Reconcile:Enabled"] = "true" });
        var (one, other) = await RecordTwoOwnersAsync(app);
        await app.RunReportAsync();
        one = await app.ReadAsync(one);
        await app.Store.WriteAsync(one.BeginAttach(new AttachAttempt(Site, app.Time.GetUtcNow(), "bob")));
        Put(app, Site, one, "attached");

        await app.RunReportAsync();
        await app.RunReportAsync();

        Assert.Equal((VerificationState.Completed, "bob"), ((await app.ReadAsync(one)).State, (await app.ReadAsync(one)).ClosedBy));
        Assert.True((await app.ReadAsync(other)).IsOpen);
    }

    /// <summary>The app has attached it for another verification of the same CEN.</summary>
    [Fact]
    public async Task Reconcile_AttachmentThatTheAppHasMade_CompletesNoOtherVerification()
    {
        await using var app = await EdsApp.StartAsync(new() { ["Reconcile:Enabled"] = "true" });
        var verification = A.Verification;
        var sent = (await app.Api.SendAsync(verification)).ShouldBe(201);
        var other = await app.RecordPendingAsync(verification.OwnedBy(null));
        await app.RunReportAsync();
        var code = app.Alibaba.Outbox.Messages.Single().Code;
        (await app.Api.PostAsync(
            $"verifications/{sent.Id}/attach",
            $$"""{"officeSiteId":"cn-hangzhou+dir-2051660961","verifyCode":"{{code}}"}""")).ShouldBe(200);

        await app.RunReportAsync();

        Assert.True((await app.ReadAsync(other)).IsOpen);
    }

    /// <summary>Its own attachment completes it, or its end leaves it open.</summary>
    [Fact]
    public async Task Reconcile_WhileAnotherAttachmentIsInProgress_LeavesItAlone()
    {
        await using var app = await EdsApp.StartAsync(new() { ["Reconcile:Enabled"] = "true" });
        var waiting = await app.RecordPendingAsync();
        await app.RunReportAsync();
        var attaching = (await app.ReadAsync(waiting)).BeginAttach(new AttachAttempt(Site, app.Time.GetUtcNow(), "bob"));
        await app.Store.WriteAsync(attaching);
        Put(app, "cn-hangzhou+dir-8", waiting, "attached");

        await app.RunReportAsync();

        Assert.Equal((true, Site), ((await app.ReadAsync(waiting)).IsOpen, (await app.ReadAsync(waiting)).Attaching?.OfficeSiteId));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        await app.RunReportAsync();
        Assert.Equal("cn-hangzhou+dir-8", (await app.ReadAsync(waiting)).OfficeSiteId);
    }

    /// <summary>Open verifications of one CEN, under two owners.</summary>
    private static async Task<(Verification One, Verification Other)> RecordTwoOwnersAsync(EdsApp app)
    {
        var verification = A.Verification;
        return (await app.RecordPendingAsync(verification), await app.RecordPendingAsync(verification.OwnedBy(null)));
    }

    private static void Put(EdsApp app, string site, Verification verification, string status) =>
        app.Alibaba.OfficeSites.Put(new SimulatedOfficeSite
        {
            RegionId = "cn-hangzhou",
            OfficeSiteId = site,
            CenId = verification.Target.CenId,
            CenAttachStatus = status,
        });
}
