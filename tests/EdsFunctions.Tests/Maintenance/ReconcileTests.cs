using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Maintenance;

/// <summary>Whether the timer completes a verification because of Alibaba's list of office networks.</summary>
public class ReconcileTests
{
    private const string Site = "cn-hangzhou+dir-7";

    private static readonly Dictionary<string, string?> Enabled = new() { ["Reconcile:Enabled"] = "true" };

    [Theory]
    [InlineData("attached", VerificationState.Completed)]
    [InlineData("attaching", VerificationState.Pending)]
    public async Task Reconcile_NewAttachment_CompletesTheVerificationWhenItIsActive(
        string status, VerificationState state)
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var waiting = await app.RecordPendingAsync();
        await app.RunReportAsync();
        Put(app, Site, waiting, status);

        await app.RunReportAsync();

        var record = await app.ReadAsync(waiting);
        Assert.Equal(
            state == VerificationState.Completed ? (state, "found attached", Site) : (state, null, null),
            (record.State, record.ClosingNote, record.OfficeSiteId));
        Assert.Equal(state == VerificationState.Completed ? 1 : 0, app.Logged(eventId: 105).Count);
    }

    [Fact]
    public async Task Reconcile_AttachmentWithUnknownOutcome_CompletesItForItsCaller()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var verification = A.Verification;
        var sent = await app.Api.SendAsync(verification);
        var code = app.Alibaba.Outbox.Messages.Single().Code;
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork, "AttachCen"));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "DescribeOfficeSites"));
        var unknown = await app.Api.PostAsync(
            $"verifications/{sent.Id}/attach",
            $$"""{"officeSiteId":"cn-hangzhou+dir-2051660961","verifyCode":"{{code}}","by":"bob"}""");
        unknown.ShouldBeProblem(504, "attachment-unknown");

        await app.RunReportAsync();

        var completed = Assert.Single(await app.RecordsAsync());
        Assert.Equal((VerificationState.Completed, "bob"), (completed.State, completed.ClosedBy));
    }

    [Fact]
    public async Task Reconcile_ManyOpenVerifications_ReadsEachPageOfEachRegionOnce()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        for (var i = 0; i < 5; i++)
        {
            await app.Api.SendAsync(A.Verification);
            await app.Api.SendAsync(A.Verification.InRegion("cn-shanghai"));
        }

        for (var i = 0; i < 150; i++)
        {
            Attach(app, $"cn-hangzhou+dir-{1000 + i}", "cen-another");
        }

        await app.RunReportAsync();

        Assert.Equal(3, CountReads(app));
    }

    [Fact]
    public async Task Reconcile_RegionFails_SkipsItAndLogsTheMissingPermission()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var (one, other) = (A.Verification, A.Verification.InRegion("cn-shanghai"));
        await app.Api.SendAsync(one);
        await app.Api.SendAsync(other);
        await app.RunReportAsync();
        Attach(app, "cn-hangzhou+dir-7", one.CenId);
        Attach(app, "cn-shanghai+dir-7", other.CenId, "cn-shanghai");
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "DescribeOfficeSites"));

        await app.RunReportAsync();

        Assert.Single(await app.RecordsAsync(), record => record.State == VerificationState.Completed);
        Assert.Contains(
            app.Log.Entries,
            entry => entry.EventId == 106 && entry.Text.Contains("ecd:DescribeOfficeSites", StringComparison.Ordinal));
        await app.RunReportAsync();
        Assert.All(await app.RecordsAsync(), record => Assert.Equal(VerificationState.Completed, record.State));
    }

    [Fact]
    public async Task Reconcile_Disabled_ReadsNothing()
    {
        await using var app = await EdsApp.StartAsync();
        await app.Api.SendAsync(A.Verification);

        await app.RunReportAsync();

        Assert.Equal(0, CountReads(app));
    }

    [Fact]
    public async Task Reconcile_OfficeNetworkOfTheBaseline_CompletesNothing()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var waiting = await app.RecordPendingAsync();
        Put(app, "cn-hangzhou+dir-6", waiting, "attached");
        Put(app, "cn-hangzhou+dir-7", waiting, "attaching");
        Put(app, "cn-hangzhou+dir-8", waiting, "detaching");
        await app.RunReportAsync();
        Put(app, "cn-hangzhou+dir-7", waiting, "attached");
        Put(app, "cn-hangzhou+dir-8", waiting, "attached");

        await app.RunReportAsync();

        Assert.True((await app.ReadAsync(waiting)).IsOpen);
        Assert.Equal(
            ["cn-hangzhou+dir-6", "cn-hangzhou+dir-7", "cn-hangzhou+dir-8"], (await app.ReadAsync(waiting)).Baseline);
        Put(app, "cn-hangzhou+dir-9", waiting, "attached");
        await app.RunReportAsync();
        Assert.Equal("cn-hangzhou+dir-9", (await app.ReadAsync(waiting)).OfficeSiteId);
    }

    /// <summary>
    /// The first page of Alibaba's list has the attachment. The tokens for the next page lead back to an earlier page,
    /// or never end.
    /// </summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(int.MaxValue, 50)]
    public async Task Reconcile_EndlessList_CompletesNothing(int tokens, int reads)
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
        Assert.Contains("Alibaba's list has no end", Assert.Single(app.Logged(eventId: 106)), StringComparison.Ordinal);
        Volatile.Write(ref isEndless, false);
        await app.RunReportAsync();
        Assert.True((await app.ReadAsync(waiting)).IsOpen);
    }

    [Fact]
    public async Task Reconcile_AttachmentForEitherOfTwoVerifications_CompletesNeither()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var (one, other) = await RecordForTwoOwnersAsync(app);
        await app.RunReportAsync();
        Put(app, Site, one, "attached");

        await app.RunReportAsync();

        Assert.All(await app.RecordsAsync(), record => Assert.True(record.IsOpen));
        Assert.Contains(Site, Assert.Single(app.Logged(eventId: 109)), StringComparison.Ordinal);
        await app.Api.CancelAsync(other.Id);
        await app.RunReportAsync();
        var completed = await app.ReadAsync(one);
        Assert.Equal((VerificationState.Completed, Site), (completed.State, completed.OfficeSiteId));
    }

    /// <summary>
    /// A later run of the timer does not complete the other verification by the same attachment either.
    /// </summary>
    [Fact]
    public async Task Reconcile_AttachmentByOneOfTwoVerifications_CompletesThatOne()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var (one, other) = await RecordForTwoOwnersAsync(app);
        await app.RunReportAsync();
        one = await app.ReadAsync(one);
        await app.Store.WriteAsync(one.BeginAttach(new AttachAttempt(Site, app.Time.GetUtcNow(), "bob")));
        Put(app, Site, one, "attached");

        await app.RunReportAsync();
        await app.RunReportAsync();

        var completed = await app.ReadAsync(one);
        Assert.Equal((VerificationState.Completed, "bob"), (completed.State, completed.ClosedBy));
        Assert.True((await app.ReadAsync(other)).IsOpen);
    }

    /// <summary>The app has attached the CEN for another verification of the same CEN.</summary>
    [Fact]
    public async Task Reconcile_AttachmentByTheApp_CompletesNoOtherVerification()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
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

    [Fact]
    public async Task Reconcile_WhileAnotherAttachmentIsInProgress_CompletesNothing()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var waiting = await app.RecordPendingAsync();
        await app.RunReportAsync();
        var attaching = (await app.ReadAsync(waiting)).BeginAttach(
            new AttachAttempt(Site, app.Time.GetUtcNow(), "bob"));
        await app.Store.WriteAsync(attaching);
        Put(app, "cn-hangzhou+dir-8", waiting, "attached");

        await app.RunReportAsync();

        var open = await app.ReadAsync(waiting);
        Assert.Equal((true, Site), (open.IsOpen, open.Attaching?.OfficeSiteId));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        await app.RunReportAsync();
        Assert.Equal("cn-hangzhou+dir-8", (await app.ReadAsync(waiting)).OfficeSiteId);
    }

    private static int CountReads(EdsApp app) =>
        app.Alibaba.Requests.Items.Count(request => request.Action == "DescribeOfficeSites");

    private static void Attach(EdsApp app, string site, string cen, string region = "cn-hangzhou") =>
        app.Alibaba.OfficeSites.Put(new SimulatedOfficeSite { RegionId = region, OfficeSiteId = site }.AttachedTo(cen));

    /// <summary>Records two open verifications of one CEN, which name different owners.</summary>
    private static async Task<(Verification One, Verification Other)> RecordForTwoOwnersAsync(EdsApp app)
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
