using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>Crashes the app before and after each write to SQLite. A write to SQLite is one transaction.</summary>
public sealed class SqliteCrashTests() : CrashTests(new SqliteStores());

/// <summary>
/// Crashes the app at each point before and after a call of the store or of Alibaba. Each round crashes at the next
/// point, starts a new instance with the same store, runs the timer, and checks both promises.
/// </summary>
public abstract class CrashTests(TestStores stores) : StoresTest(stores)
{
    private readonly FakeTimeProvider time = new(VerificationBuilder.Noon);
    private SimulatorServer alibaba = null!;
    private FakeChannel? ops;

    public override async ValueTask InitializeAsync()
    {
        Stores.Time = time;
        await base.InitializeAsync();
        alibaba = await LoopbackSimulator.StartAsync(time);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await (alibaba?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (ops?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }

    [Fact]
    public Task Send_CrashAtAnyPoint_SendsAtMostOneEMail() => AtEveryPoint(
        prepare: (_, _) => Task.CompletedTask,
        act: SendAsync,
        check: async (app, target) =>
        {
            await ShouldCoverEMailsAsync(app, target, requests: 1);

            // The caller got no response because of the crash, so it repeats the request.
            var known = await SendAsync(app, target);
            Assert.InRange(CountMails(target), 0, 1);
            Assert.True(
                CountMails(target) == 1
                || known is SendVerification.Result.Repeated { Repeat.Verification.State: VerificationState.Unknown });
            await ShouldCoverEMailsAsync(app, target, requests: 1);
        });

    [Fact]
    public Task Resend_CrashAtAnyPoint_SendsAtMostOneMoreEMail() => AtEveryPoint(
        prepare: async (app, target) =>
        {
            await app.Send.RunAsync(target.Request(), key: null, Cancel);
            time.Advance(TimeSpan.FromMinutes(5));
        },
        act: ResendAsync,
        check: async (app, target) =>
        {
            await ShouldCoverEMailsAsync(app, target, requests: 2);
            Assert.InRange(CountMails(target), 1, 2);

            await ResendAsync(app, target);
            Assert.InRange(CountMails(target), 1, 2);
            await ShouldCoverEMailsAsync(app, target, requests: 2);
        });

    [Fact]
    public Task Send_RefusedAndCrashAtAnyPoint_IsFailedOrUnknown() => AtEveryPoint(
        prepare: (_, target) =>
        {
            alibaba.Faults.Add(new Fault(FaultKind.Denied, CenId: target.CenId));
            return Task.CompletedTask;
        },
        act: SendAsync,
        check: async (app, target) =>
        {
            alibaba.Faults.Clear();
            Assert.Equal(0, CountMails(target));
            Assert.All(
                await RecordsAsync(app, target),
                one => Assert.Contains(one.State, new[] { VerificationState.Failed, VerificationState.Unknown }));
        });

    [Fact]
    public Task Attach_CrashAtAnyPoint_AttachesOnce() => AtEveryPoint(
        prepare: Sent(TimeSpan.Zero),
        act: AttachAsync,
        check: async (app, target) =>
        {
            // A repeat of the request finds the attachment if it was made before the crash. Otherwise, the repeat
            // attaches the CEN.
            var before = CountAttachments(target);
            await AttachAsync(app, target);

            var found = Assert.Single(await RecordsAsync(app, target));
            Assert.Equal((VerificationState.Completed, Site(target)), (found.State, found.OfficeSiteId));
            Assert.Equal(
                target.CenId, alibaba.OfficeSites.Items.Single(site => site.OfficeSiteId == Site(target)).CenId);
            Assert.Equal((1, before == 0 ? 1 : 0), (CountAttachments(target), CountAttachments(target) - before));
        });

    [Fact]
    public Task Complete_CrashAtAnyPoint_CanBeRepeated() => AtEveryPoint(
        prepare: Sent(TimeSpan.Zero),
        act: CompleteAsync,
        check: async (app, target) =>
        {
            Assert.Contains(
                Assert.Single(await RecordsAsync(app, target)).State,
                new[] { VerificationState.Pending, VerificationState.Completed });
            await CompleteAsync(app, target);
            Assert.Equal(VerificationState.Completed, Assert.Single(await RecordsAsync(app, target)).State);
            await ShouldAcceptASendAsync(app, target);
        });

    [Fact]
    public Task Expire_CrashAtAnyPoint_ReleasesTheTarget() => AtEveryPoint(
        prepare: Sent(TimeSpan.FromDays(7)),
        act: ReportAsync,
        check: async (app, target) =>
        {
            Assert.Equal(VerificationState.Expired, Assert.Single(await RecordsAsync(app, target)).State);
            await ShouldAcceptASendAsync(app, target);
        });

    [Fact]
    public Task Report_CrashAtAnyPoint_IsSentOnceOrTwice() => AtEveryPoint(
        prepare: Sent(TimeSpan.FromHours(1)),
        act: ReportAsync,
        check: async (app, target) =>
        {
            // The channel got the report at least once, and the record is marked as reported.
            var found = Assert.Single(await RecordsAsync(app, target));
            Assert.InRange(found.Reported!.Count, 1, 2);
            Assert.InRange(found.GetReminder("ops")!.Count, 1, 2);
            Assert.InRange(CountHeadlines("Stale verifications"), 1, 2);
            await ShouldCoverEMailsAsync(app, target, requests: 1);
        },
        channel: true);

    [Fact]
    public Task FinalNotice_CrashAtAnyPoint_IsSentOnceOrTwice() => AtEveryPoint(
        prepare: Sent(TimeSpan.FromDays(7)),
        act: ReportAsync,
        check: async (app, target) =>
        {
            var found = Assert.Single(await RecordsAsync(app, target));
            Assert.Equal((VerificationState.Expired, true), (found.State, found.GetReminder("ops")?.Final));
            Assert.InRange(CountHeadlines("Verifications expired"), 1, 2);
        },
        channel: true);

    [Fact]
    public Task AllClear_CrashAtAnyPoint_IsSentOnceOrTwice() => AtEveryPoint(
        prepare: async (app, target) =>
        {
            await Sent(TimeSpan.FromHours(1))(app, target);
            await ReportAsync(app, target);
            await CompleteAsync(app, target);
        },
        act: ReportAsync,
        check: async (app, target) =>
        {
            await ReportAsync(app, target);
            Assert.InRange(CountHeadlines("No stale verifications"), 1, 2);
        },
        channel: true);

    [Fact]
    public Task TimeOut_CrashAtAnyPoint_MakesTheSendUnknown() => AtEveryPoint(
        prepare: async (app, target) =>
        {
            var abandoned = target.Record(time.GetUtcNow());
            await Stores.Open().WriteAsync(abandoned, IdempotencyEntry.Create(Key(target), abandoned));
            time.Advance(TimeSpan.FromMinutes(2));
        },
        act: ReportAsync,
        check: async (app, target) =>
        {
            Assert.Equal(VerificationState.Unknown, Assert.Single(await RecordsAsync(app, target)).State);
            Assert.Equal(0, CountMails(target));
        });

    /// <summary>
    /// Runs a scenario with a crash at each point, each time with another target and another channel.
    /// </summary>
    private Task AtEveryPoint(
        Func<EdsInstance, VerificationBuilder, Task> prepare,
        Func<EdsInstance, VerificationBuilder, Task> act,
        Func<EdsInstance, VerificationBuilder, Task> check,
        bool channel = false) => CrashingProcess.CrashAtEachPointAsync(async process =>
    {
        await (ops?.DisposeAsync() ?? ValueTask.CompletedTask);
        ops = channel ? FakeChannel.Slack("ops") : null;
        var target = A.Verification;
        using (var before = Start(new CrashingProcess()))
        {
            await prepare(before, target);
        }

        using (var crashing = Start(process))
        {
            try
            {
                await act(crashing, target);
            }
            catch (Exception) when (process.HasCrashed)
            {
            }
        }

        time.Advance(TimeSpan.FromMinutes(2));
        using var next = Start(new CrashingProcess());
        await next.Maintenance.RunAsync(Cancel);
        Assert.DoesNotContain(await RecordsAsync(next, target), one => one.State == VerificationState.Sending);
        await check(next, target);

        // Let all verifications expire, so that the next round starts without stale ones.
        time.Advance(TimeSpan.FromDays(8));
        await next.Maintenance.RunAsync(Cancel);
    });

    /// <summary>Creates a step that sends a code, and then advances the time.</summary>
    private Func<EdsInstance, VerificationBuilder, Task> Sent(TimeSpan ago) => async (app, target) =>
    {
        await SendAsync(app, target);
        time.Advance(ago);
    };

    private static Task<SendVerification.Result> SendAsync(EdsInstance app, VerificationBuilder target) =>
        app.Send.RunAsync(target.Request(), Key(target), Cancel);

    private static async Task ResendAsync(EdsInstance app, VerificationBuilder target) => await app.Resend.RunAsync(
        new(Assert.Single(await RecordsAsync(app, target)).Id), Key(target), Cancel);

    private static async Task CompleteAsync(EdsInstance app, VerificationBuilder target) => await app.Close.RunAsync(
        new(Assert.Single(await RecordsAsync(app, target)).Id, VerificationState.Completed, "bob"), key: null, Cancel);

    private static Task ReportAsync(EdsInstance app, VerificationBuilder target) => app.Maintenance.RunAsync(Cancel);

    private async Task AttachAsync(EdsInstance app, VerificationBuilder target)
    {
        if (alibaba.OfficeSites.Items.All(site => site.OfficeSiteId != Site(target)))
        {
            alibaba.OfficeSites.Put(new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = Site(target) });
        }

        var found = Assert.Single(await RecordsAsync(app, target));
        var code = alibaba.Outbox.Messages.Single(mail => mail.CenId == target.CenId).Code;
        await app.Attach.RunAsync(
            new(found.Id, new OfficeSiteId(Site(target)), new VerifyCode(new Secret(code)), "bob"), key: null, Cancel);
    }

    private int CountAttachments(VerificationBuilder target) =>
        alibaba.Requests.Items.Count(request => request.Action == "AttachCen" && request.CenId == target.CenId);

    private static string Site(VerificationBuilder target) => $"cn-hangzhou+dir-{target.CenId[4..]}";

    private EdsInstance Start(
        CrashingProcess process) => EdsInstance.Start(Stores.Open(process.AroundAsync), alibaba.Url, time, services =>
        services.PostConfigure<StaleReportOptions>(options =>
        {
            if (ops is not null)
            {
                options.Channels["ops"] = new ReportChannelOptions { Kind = "Slack", Url = ops.Url.ToString() };
            }
        }));

    private int CountHeadlines(string beginning) =>
        ops!.Headlines.Count(headline => headline.StartsWith(beginning, StringComparison.Ordinal));

    private int CountMails(
        VerificationBuilder target) => alibaba.Outbox.Messages.Count(mail => mail.CenId == target.CenId);

    private static IdempotencyKey Key(VerificationBuilder target) =>
        IdempotencyKey.Create($"key of {target.CenId}", target.Request());

    private static async Task<Verification[]> RecordsAsync(EdsInstance app, VerificationBuilder target) =>
        [.. (await app.Store.ListAsync(new VerificationQuery(null, null, null, null, 1000), Cancel).ReadableAsync())
            .Where(one => one.Target == target.Target())];

    /// <summary>
    /// Asserts that each e-mail was requested and recorded, and that its verification is listed, and is reported later.
    /// </summary>
    private async Task ShouldCoverEMailsAsync(EdsInstance app, VerificationBuilder target, int requests)
    {
        var records = await RecordsAsync(app, target);
        Assert.InRange(CountMails(target), 0, Math.Min(requests, records.Sum(one => one.SendCount)));
        Assert.InRange(records.Count(one => one.IsOpen), 0, 1);
        if (CountMails(target) == 0)
        {
            return;
        }

        var open = Assert.Single(records, one => one.IsOpen);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Contains((await app.Report.PreviewAsync(Cancel)).Items, item => item.Verification.Id == open.Id);
    }

    private async Task ShouldAcceptASendAsync(EdsInstance app, VerificationBuilder target)
    {
        var mails = CountMails(target);
        var sent = Assert.IsType<SendVerification.Result.Sent>(
            await app.Send.RunAsync(target.Request(), key: null, Cancel));
        Assert.Equal((1, mails + 1), (sent.Verification.SendCount, CountMails(target)));
    }
}
