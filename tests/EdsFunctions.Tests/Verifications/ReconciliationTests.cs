namespace EdsFunctions.Tests.Verifications;

/// <summary>What the timer completes because Alibaba shows it attached.</summary>
public sealed class ReconciliationTests
{
    private static readonly Dictionary<string, string?> Enabled = new() { ["Reconcile:Enabled"] = "true" };

    [Fact]
    public async Task A_CEN_that_someone_attached_completes_its_verification_in_the_next_run()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var verification = A.Verification;
        await app.Api.SendAsync(verification);
        await app.RunReportAsync();
        Attach(app, "cn-hangzhou+dir-7", verification.CenId);

        await app.RunReportAsync();

        var completed = Assert.Single(await app.RecordsAsync());
        Assert.Equal(
            (VerificationState.Completed, "found attached", "cn-hangzhou+dir-7"),
            (completed.State, completed.ClosingNote, completed.OfficeSiteId));
        Assert.Contains(app.Log.Entries, entry => entry.EventId == 105);
    }

    [Fact]
    public async Task A_CEN_that_was_attached_elsewhere_before_completes_nothing_and_a_newcomer_does()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var verification = A.Verification;
        Attach(app, "cn-hangzhou+dir-7", verification.CenId);
        await app.Api.SendAsync(verification);

        for (var run = 0; run < 3; run++)
        {
            await app.RunReportAsync();
            Assert.True(Assert.Single(await app.RecordsAsync()).IsOpen);
        }

        Attach(app, "cn-hangzhou+dir-8", verification.CenId);
        await app.RunReportAsync();
        Assert.Equal("cn-hangzhou+dir-8", Assert.Single(await app.RecordsAsync()).OfficeSiteId);
    }

    [Fact]
    public async Task What_is_on_its_way_to_be_attached_completes_nothing()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var verification = A.Verification;
        await app.Api.SendAsync(verification);
        await app.RunReportAsync();
        app.Alibaba.OfficeSites.Put(new SimulatedOfficeSite
        {
            RegionId = "cn-hangzhou",
            OfficeSiteId = "cn-hangzhou+dir-7",
            CenId = verification.CenId,
            CenAttachStatus = "attaching",
        });

        await app.RunReportAsync();

        Assert.True(Assert.Single(await app.RecordsAsync()).IsOpen);
    }

    [Fact]
    public async Task An_attachment_that_nobody_knew_the_outcome_of_is_completed_for_who_asked_for_it()
    {
        await using var app = await EdsApp.StartAsync(Enabled);
        var verification = A.Verification;
        var sent = await app.Api.SendAsync(verification);
        var code = app.Alibaba.Outbox.Messages.Single().Code;
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork, "AttachCen"));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "DescribeOfficeSites"));
        var unknown = await app.Api.PostAsync(
            $"verifications/{sent.Id}/attach", $$"""{"officeSiteId":"cn-hangzhou+dir-2051660961","verifyCode":"{{code}}","by":"bob"}""");
        unknown.ShouldBeProblem(504, "attachment-unknown");

        await app.RunReportAsync();

        var completed = Assert.Single(await app.RecordsAsync());
        Assert.Equal((VerificationState.Completed, "bob"), (completed.State, completed.ClosedBy));
    }

    [Fact]
    public async Task One_look_per_region_and_page_is_enough_for_all_that_is_open()
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

        Assert.Equal(3, Looks(app));
    }

    [Fact]
    public async Task A_region_that_fails_is_skipped_and_the_missing_permission_named()
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
    public async Task Unless_it_is_switched_on_nobody_looks()
    {
        await using var app = await EdsApp.StartAsync();
        await app.Api.SendAsync(A.Verification);

        await app.RunReportAsync();

        Assert.Equal(0, Looks(app));
    }

    private static int Looks(EdsApp app) => app.Alibaba.Requests.Items.Count(request => request.Action == "DescribeOfficeSites");

    private static void Attach(EdsApp app, string site, string cen, string region = "cn-hangzhou") =>
        app.Alibaba.OfficeSites.Put(new SimulatedOfficeSite { RegionId = region, OfficeSiteId = site }.AttachedTo(cen));
}
