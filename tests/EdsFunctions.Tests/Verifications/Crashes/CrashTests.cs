using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>In SQLite a write is one transaction, so that a process crashes before or after it.</summary>
public sealed class SqliteCrashTests() : CrashTests(new SqliteStores());

/// <summary>
/// Every point between two steps is one at which the process may crash. Each test walks through all of them: it crashes there, starts
/// anew over the same store, runs the timer, and looks whether the two promises hold.
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
        alibaba = await SimulatorServer.StartAsync(new SimulatorOptions(), "http://127.0.0.1:0", TextWriter.Null, time, Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await (alibaba?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (ops?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }

    [Fact]
    public Task A_send() => AtEveryPoint(
        prepare: (_, _) => Task.CompletedTask,
        act: SendAsync,
        check: async (app, target) =>
        {
            await EMailsAreCovered(app, target, requests: 1);

            // The caller, who heard nothing, repeats the request.
            var known = await SendAsync(app, target);
            Assert.InRange(Mails(target), 0, 1);
            Assert.True(
                Mails(target) == 1
                || known is SendVerification.Result.Repeated { Verification.State: VerificationState.Unknown });
            await EMailsAreCovered(app, target, requests: 1);
        });

    [Fact]
    public Task A_resend() => AtEveryPoint(
        prepare: async (app, target) =>
        {
            await app.Send.RunAsync(target.Request(), key: null, Cancel);
            time.Advance(TimeSpan.FromMinutes(5));
        },
        act: ResendAsync,
        check: async (app, target) =>
        {
            await EMailsAreCovered(app, target, requests: 2);
            Assert.InRange(Mails(target), 1, 2);

            await ResendAsync(app, target);
            Assert.InRange(Mails(target), 1, 2);
            await EMailsAreCovered(app, target, requests: 2);
        });

    [Fact]
    public Task A_send_that_Alibaba_refuses() => AtEveryPoint(
        prepare: (_, target) =>
        {
            alibaba.Faults.Add(new Fault(FaultKind.Denied, CenId: target.CenId));
            return Task.CompletedTask;
        },
        act: SendAsync,
        check: async (app, target) =>
        {
            alibaba.Faults.Clear();
            Assert.Equal(0, Mails(target));
            Assert.All(await RecordsAsync(app, target), one => Assert.Contains(one.State, new[] { VerificationState.Failed, VerificationState.Unknown }));
        });

    [Fact]
    public Task An_attachment() => AtEveryPoint(
        prepare: Sent(TimeSpan.Zero),
        act: AttachAsync,
        check: async (app, target) =>
        {
            // Asked again, it is found where it was done, and never asked for on a guess.
            var before = Attachments(target);
            await AttachAsync(app, target);

            var found = Assert.Single(await RecordsAsync(app, target));
            Assert.Equal((VerificationState.Completed, Site(target)), (found.State, found.OfficeSiteId));
            Assert.Equal(target.CenId, alibaba.OfficeSites.Items.Single(site => site.OfficeSiteId == Site(target)).CenId);
            Assert.Equal((1, before == 0 ? 1 : 0), (Attachments(target), Attachments(target) - before));
        });

    [Fact]
    public Task A_completion() => AtEveryPoint(
        prepare: Sent(TimeSpan.Zero),
        act: CompleteAsync,
        check: async (app, target) =>
        {
            Assert.Contains(
                Assert.Single(await RecordsAsync(app, target)).State, new[] { VerificationState.Pending, VerificationState.Completed });
            await CompleteAsync(app, target);
            Assert.Equal(VerificationState.Completed, Assert.Single(await RecordsAsync(app, target)).State);
            await TheTargetIsFree(app, target);
        });

    [Fact]
    public Task An_expiry() => AtEveryPoint(
        prepare: Sent(TimeSpan.FromDays(7)),
        act: ReportAsync,
        check: async (app, target) =>
        {
            Assert.Equal(VerificationState.Expired, Assert.Single(await RecordsAsync(app, target)).State);
            await TheTargetIsFree(app, target);
        });

    [Fact]
    public Task A_report() => AtEveryPoint(
        prepare: Sent(TimeSpan.FromHours(1)),
        act: ReportAsync,
        check: async (app, target) =>
        {
            // Said at least once, and not forgotten.
            var found = Assert.Single(await RecordsAsync(app, target));
            Assert.InRange(found.Reported!.Count, 1, 2);
            Assert.InRange(found.GetReminder("ops")!.Count, 1, 2);
            Assert.InRange(Headlines("Verifications that wait"), 1, 2);
            await EMailsAreCovered(app, target, requests: 1);
        },
        channel: true);

    [Fact]
    public Task A_final_notice() => AtEveryPoint(
        prepare: Sent(TimeSpan.FromDays(7)),
        act: ReportAsync,
        check: async (app, target) =>
        {
            var found = Assert.Single(await RecordsAsync(app, target));
            Assert.Equal((VerificationState.Expired, true), (found.State, found.GetReminder("ops")?.Final));
            Assert.InRange(Headlines("Given up"), 1, 2);
        },
        channel: true);

    [Fact]
    public Task An_all_clear() => AtEveryPoint(
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
            Assert.InRange(Headlines("All clear"), 1, 2);
        },
        channel: true);

    [Fact]
    public Task The_end_of_a_send_that_crashed_before() => AtEveryPoint(
        prepare: async (app, target) =>
        {
            var died = target.Record(time.GetUtcNow());
            await Stores.Open().WriteAsync(died, IdempotencyEntry.Create(Key(target), died));
            time.Advance(TimeSpan.FromMinutes(2));
        },
        act: ReportAsync,
        check: async (app, target) =>
        {
            Assert.Equal(VerificationState.Unknown, Assert.Single(await RecordsAsync(app, target)).State);
            Assert.Equal(0, Mails(target));
        });

    /// <summary>Crashes at one point after the other, each time with a target and a channel of its own.</summary>
    private Task AtEveryPoint(
        Func<EdsInstance, VerificationBuilder, Task> prepare,
        Func<EdsInstance, VerificationBuilder, Task> act,
        Func<EdsInstance, VerificationBuilder, Task> check,
        bool channel = false) => Lifeline.CrashAtEachPointAsync(async life =>
    {
        await (ops?.DisposeAsync() ?? ValueTask.CompletedTask);
        ops = channel ? FakeChannel.Slack("ops") : null;
        var target = A.Verification;
        using (var before = Start(new Lifeline()))
        {
            await prepare(before, target);
        }

        using (var crashing = Start(life))
        {
            try
            {
                await act(crashing, target);
            }
            catch (Exception) when (life.IsDead)
            {
            }
        }

        time.Advance(TimeSpan.FromMinutes(2));
        using var next = Start(new Lifeline());
        await next.Maintenance.RunAsync(Cancel);
        Assert.DoesNotContain(await RecordsAsync(next, target), one => one.State == VerificationState.Sending);
        await check(next, target);

        // What this round left must not be in the way of the next.
        time.Advance(TimeSpan.FromDays(8));
        await next.Maintenance.RunAsync(Cancel);
    });

    /// <summary>A code that was sent some time ago.</summary>
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

    private int Attachments(VerificationBuilder target) =>
        alibaba.Requests.Items.Count(request => request.Action == "AttachCen" && request.CenId == target.CenId);

    private static string Site(VerificationBuilder target) => $"cn-hangzhou+dir-{target.CenId[4..]}";

    private EdsInstance Start(Lifeline life) => EdsInstance.Start(Stores.Open(life.AroundAsync), alibaba.Url, time, services =>
        services.PostConfigure<StaleReportOptions>(options =>
        {
            if (ops is not null)
            {
                options.Channels["ops"] = new ReportChannelOptions { Kind = "Slack", Url = ops.Url.ToString() };
            }
        }));

    private int Headlines(string beginning) =>
        ops!.Headlines.Count(headline => headline.StartsWith(beginning, StringComparison.Ordinal));

    private int Mails(VerificationBuilder target) => alibaba.Outbox.Messages.Count(mail => mail.CenId == target.CenId);

    private static IdempotencyKey Key(VerificationBuilder target) =>
        IdempotencyKey.Create($"key of {target.CenId}", target.Request());

    private static async Task<Verification[]> RecordsAsync(EdsInstance app, VerificationBuilder target) =>
        [.. (await app.Store.ListAsync(new VerificationQuery(null, null, null, null, 1000), Cancel).ReadableAsync())
            .Where(one => one.Target == target.Target())];

    /// <summary>
    /// No e-mail went out that was not decided and recorded, no more than were asked for, and whoever has one is in the list and, in
    /// time, in the report.
    /// </summary>
    private async Task EMailsAreCovered(EdsInstance app, VerificationBuilder target, int requests)
    {
        var records = await RecordsAsync(app, target);
        Assert.InRange(Mails(target), 0, Math.Min(requests, records.Sum(one => one.SendCount)));
        Assert.InRange(records.Count(one => one.IsOpen), 0, 1);
        if (Mails(target) == 0)
        {
            return;
        }

        var open = Assert.Single(records, one => one.IsOpen);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Contains((await app.Report.PreviewAsync(Cancel)).Items, item => item.Verification.Id == open.Id);
    }

    private async Task TheTargetIsFree(EdsInstance app, VerificationBuilder target)
    {
        var mails = Mails(target);
        var anew = Assert.IsType<SendVerification.Result.Sent>(
            await app.Send.RunAsync(target.Request(), key: null, Cancel));
        Assert.Equal((1, mails + 1), (anew.Verification.SendCount, Mails(target)));
    }
}
