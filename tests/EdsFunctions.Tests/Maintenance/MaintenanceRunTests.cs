using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Maintenance;

/// <summary>In a run of the timer, a step or a channel that fails does not affect the others.</summary>
public class MaintenanceRunTests
{
    private static readonly string Stale = Kind(Texts.StaleHeadline.English);
    private static readonly string Expired = Kind(Texts.ExpiredHeadline.English);
    private static readonly string Failed = Kind(Texts.FailedHeadline.English);

    [Theory]
    [InlineData("time out abandoned sends")]
    [InlineData("reconcile")]
    [InlineData("expire")]
    [InlineData("clean up")]
    public async Task Run_StepFails_LogsItAndRunsTheOthers(string step)
    {
        var isBroken = false;
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await StartAsync(
            (method, args, call) => Volatile.Read(ref isBroken) && IsCallOf(step, method, args)
                ? throw new IOException("The store fails.")
                : call(),
            [KeyValuePair.Create<string, string?>("Reconcile:Enabled", "true"), .. FakeChannel.Settings(ops)]);
        using var metrics = new CapturedMetrics(app.Services);
        var expires = A.Verification.Record(app.Time.GetUtcNow());
        var key = IdempotencyKey.Create("delivery-1", A.Verification.Request());
        await app.Store.WriteAsync(
            expires.ApplyOutcome(1, new EcdResponse("R-1"), expires.CreatedAt), IdempotencyEntry.Create(key, expires));
        app.Time.Advance(TimeSpan.FromDays(9));
        var stale = await app.RecordPendingAsync();
        var abandoned = await app.RecordSendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));
        var attached = await app.RecordPendingAsync();
        await app.Store.WriteAsync(attached with { Baseline = [] });
        app.Alibaba.OfficeSites.Put(
            new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = "cn-hangzhou+dir-7" }
                .AttachedTo(attached.Target.CenId!));
        Volatile.Write(ref isBroken, true);

        var failure = await Assert.ThrowsAsync<AggregateException>(app.RunReportAsync);

        Assert.Single(failure.InnerExceptions);
        Assert.Contains($"'{step}'", Assert.Single(app.Logged(eventId: 301)), StringComparison.Ordinal);
        Assert.Equal(
            (1, 1), (metrics.Sum("eds.report.runs"), metrics.Sum("eds.report.runs", ("result", "failed"))));
        Assert.Null(metrics.Gauge("eds.report.last_success"));
        Dictionary<string, bool> succeeded = new()
        {
            ["time out abandoned sends"] = (await app.ReadAsync(abandoned)).State == VerificationState.Unknown,
            ["reconcile"] = (await app.ReadAsync(attached)).State == VerificationState.Completed,
            ["expire"] = (await app.ReadAsync(expires)).State == VerificationState.Expired,
            ["clean up"] = await app.Store.FindKeyAsync(key.Hash, TestContext.Current.CancellationToken) is null,
        };
        Assert.Contains(ops.Messages, message => message.Contains(stale.Ref, StringComparison.Ordinal));
        Assert.Equal([step], succeeded.Where(one => !one.Value).Select(one => one.Key));
        Volatile.Write(ref isBroken, false);
        await app.RunReportAsync();
        Assert.Single(app.Logged(eventId: 301));
        Assert.Equal(
            (2, 1), (metrics.Sum("eds.report.runs"), metrics.Sum("eds.report.runs", ("result", "ok"))));
        Assert.Equal(app.Time.GetUtcNow().ToUnixTimeSeconds(), metrics.Gauge("eds.report.last_success"));
    }

    /// <summary>For each kind of write, the write of the first of two verifications fails.</summary>
    [Fact]
    public async Task Run_WriteFails_WritesTheNextVerification()
    {
        Guid[] broken = [];
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await StartAsync(
            (method, args, call) => method == nameof(IVerificationStore.WriteAsync)
                && broken.Contains(((StoreWrite)args[0]!).Verification.Id)
                ? throw new IOException("The store fails.")
                : call(),
            FakeChannel.Settings(ops));
        Verification[] expired = [await app.RecordPendingAsync(), await app.RecordPendingAsync()];
        await app.RunReportAsync(TimeSpan.FromDays(6));
        app.Time.Advance(TimeSpan.FromDays(1));
        Verification[] stale = [await app.RecordPendingAsync(), await app.RecordPendingAsync()];
        Verification[] abandoned = [await app.RecordSendingAsync(), await app.RecordSendingAsync()];
        broken = [expired[0].Id, stale[0].Id, abandoned[0].Id];

        await Assert.ThrowsAsync<AggregateException>(() => app.RunReportAsync(TimeSpan.FromHours(1)));

        Assert.Equal(VerificationState.Unknown, (await app.ReadAsync(abandoned[1])).State);
        Assert.Equal(1, (await app.ReadAsync(stale[1])).GetReminder("ops")?.Count);
        Assert.Equal(VerificationState.Expired, (await app.ReadAsync(expired[1])).State);
    }

    /// <summary>In particular, the run sends no all-clear.</summary>
    [Fact]
    public async Task Run_StoreUnavailable_ReportsNothingAndThrows()
    {
        var isBroken = false;
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await StartAsync(
            (method, _, call) => Volatile.Read(ref isBroken) && method == nameof(IVerificationStore.ListCurrentAsync)
                ? throw new IOException("The store fails.")
                : call(),
            FakeChannel.Settings(ops));
        await app.RecordPendingAsync();
        await app.RunReportAsync(TimeSpan.FromHours(1));
        Volatile.Write(ref isBroken, true);

        await Assert.ThrowsAsync<AggregateException>(() => app.RunReportAsync(TimeSpan.FromDays(1)));

        Assert.Single(ops.Requests);
        Assert.Contains("'read the verifications'", Assert.Single(app.Logged(eventId: 301)), StringComparison.Ordinal);
    }

    /// <summary>A call of the store ends only when it is cancelled.</summary>
    [Fact]
    public async Task Run_StepHangs_TimesOutAfterTwoMinutes()
    {
        var reached = new TaskCompletionSource();
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await StartAsync(
            (method, args, call) => method == nameof(IVerificationStore.CleanUpAsync)
                ? HangAsync(args.OfType<CancellationToken>().Single())
                : call(),
            FakeChannel.Settings(ops));
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        var run = app.RunReportAsync();
        await reached.Task.WithTimeoutAsync();
        app.Time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromMilliseconds(1));
        Assert.False(run.IsCompleted);
        app.Time.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<AggregateException>(() => run.WithTimeoutAsync());
        Assert.Contains("'clean up'", Assert.Single(app.Logged(eventId: 301)), StringComparison.Ordinal);
        Assert.Single(ops.Requests);

        Task HangAsync(CancellationToken cancellationToken)
        {
            reached.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }

    [Fact]
    public async Task Run_MarkerOfOneChannelFails_ReportsToEachChannelOnce()
    {
        var reads = 0;
        await using var ops = FakeChannel.Slack("ops");
        await using var onCall = FakeChannel.Slack("on-call");
        await using var app = await StartAsync(
            (method, _, call) => method == nameof(IVerificationStore.GetMarkerAsync)
                && Interlocked.Increment(ref reads) == 1
                ? throw new IOException("The store fails.")
                : call(),
            FakeChannel.Settings(ops, onCall));
        await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));
        Assert.Equal(1, ops.Requests.Count + onCall.Requests.Count);
        Assert.Contains("report to o", Assert.Single(app.Logged(eventId: 304)), StringComparison.Ordinal);
        await app.RunReportAsync();
        await app.RunReportAsync();

        Assert.Equal((1, 1), (ops.Requests.Count, onCall.Requests.Count));
        Assert.Single(app.LoggedReports());
    }

    /// <summary>
    /// The store fails to write the reminder state of one channel. Each channel has a reminder state of its own.
    /// </summary>
    [Fact]
    public async Task Run_ReminderStateIsNotWritten_RepeatsTheItemInThatChannelOnly()
    {
        var (writes, isBroken) = (0, false);
        await using var ops = FakeChannel.Slack("ops");
        await using var onCall = FakeChannel.Slack("on-call");
        await using var app = await StartAsync(
            (method, _, call) => Volatile.Read(ref isBroken)
                && method == nameof(IVerificationStore.WriteAsync) && Interlocked.Increment(ref writes) == 2
                ? throw new IOException("The store fails.")
                : call(),
            FakeChannel.Settings(ops, onCall));
        using var metrics = new CapturedMetrics(app.Services);
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));
        Volatile.Write(ref isBroken, true);

        for (var run = 0; run < 4; run++)
        {
            await app.RunReportAsync();
        }

        Assert.Equal(4, ops.Requests.Count + onCall.Requests.Count + app.LoggedReports().Count);
        Assert.Contains("report to ", Assert.Single(app.Logged(eventId: 304)), StringComparison.Ordinal);
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", "failed")));
    }

    /// <summary>After a failed resend, an open verification is both stale and failed.</summary>
    [Fact]
    public async Task Run_StaleAndFailed_ReportsEachOnce()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var pending = await app.RecordPendingAsync();
        await app.Store.WriteAsync(pending with
        {
            SendCount = 2,
            LastFailure = new SendFailure(SendFailureKind.NotSent, "no connection"),
            OutcomeUndelivered = true,
        });

        await app.RunReportAsync(TimeSpan.FromHours(1));
        await app.RunReportAsync();

        Assert.Equal([Failed, Stale], ops.Headlines.Select(Kind));
        Assert.Single(app.Logged(eventId: 303));
        Assert.Single(app.LoggedReports());
    }

    /// <summary>The channel accepts the notice about 20 verifications, and then the store fails.</summary>
    [Fact]
    public async Task Run_ReminderStateIsNotWritten_ClosesExpiredAfterTheAcceptedNotice()
    {
        var broken = Guid.Empty;
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await StartAsync(
            (_, args, call) =>
                args is [StoreWrite { Verification: { State: VerificationState.Pending, Id: var id } }] && id == broken
                ? throw new IOException("The store fails.")
                : call(),
            FakeChannel.Settings(ops));
        var overdue = await app.RecordPendingAsync(count: 25);
        broken = overdue[0].Id;

        await app.RunReportAsync(TimeSpan.FromDays(9));
        Assert.Equal(20, (await app.RecordsAsync()).Count(one => one.State == VerificationState.Expired));
        await app.RunReportAsync();

        Assert.All(await app.RecordsAsync(), one => Assert.Equal(VerificationState.Expired, one.State));
        Assert.All(
            overdue,
            one => Assert.Single(ops.Messages, message => message.Contains(one.Ref, StringComparison.Ordinal)));
    }

    /// <summary>The channel accepts the first of two notices, and does not respond to the second.</summary>
    [Fact]
    public async Task Run_ReportHangs_ExpiresNothingAndMarksAcceptedItems()
    {
        var (reached, isBroken) = (new TaskCompletionSource(), true);
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await StartAsync(
            (method, args, call) =>
            {
                if (method != nameof(IVerificationStore.GetMarkerAsync) || !Volatile.Read(ref isBroken))
                {
                    return call();
                }

                reached.TrySetResult();
                return WaitForCancellationAsync(args.OfType<CancellationToken>().Single());
            },
            FakeChannel.Settings(ops));
        var overdue = await app.RecordPendingAsync(count: 25);
        app.Time.Advance(TimeSpan.FromDays(9));
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        var run = app.RunReportAsync();
        await reached.Task.WithTimeoutAsync();
        app.Time.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<AggregateException>(() => run.WithTimeoutAsync());

        Assert.All(await app.RecordsAsync(), one => Assert.Equal(VerificationState.Pending, one.State));
        Volatile.Write(ref isBroken, false);
        await app.RunReportAsync();
        Assert.Equal([Expired, Expired, Stale], ops.Headlines.Select(Kind));
        Assert.All(
            overdue,
            one => Assert.Single(ops.Messages, message => message.Contains(one.Ref, StringComparison.Ordinal)));
        Assert.Equal(25, (await app.RecordsAsync()).Count(one => one.State == VerificationState.Expired));
    }

    /// <summary>
    /// When a step has timed out, it makes no further writes, which would only delay the end of the run.
    /// </summary>
    [Fact]
    public async Task Run_ReportHangsAndStoreFails_MarksNoMoreItemsAfterTheFirst()
    {
        var (reached, writes) = (new TaskCompletionSource(), 0);
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await StartAsync(
            (method, args, call) =>
            {
                if (method == nameof(IVerificationStore.GetMarkerAsync))
                {
                    reached.TrySetResult();
                    return WaitForCancellationAsync(args.OfType<CancellationToken>().Single());
                }

                return method == nameof(IVerificationStore.WriteAsync) && Interlocked.Increment(ref writes) > 2
                    ? throw new IOException("The store fails.")
                    : call();
            },
            FakeChannel.Settings(ops));
        await app.RecordPendingAsync(count: 2);
        app.Time.Advance(TimeSpan.FromDays(9));

        var run = app.RunReportAsync();
        await reached.Task.WithTimeoutAsync();
        app.Time.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<AggregateException>(() => run.WithTimeoutAsync());

        Assert.Equal((1, 3), (ops.Requests.Count, writes));
    }

    /// <summary>
    /// The failure of a send whose outcome was unknown is recorded only after the report has listed the verification.
    /// </summary>
    [Fact]
    public async Task Run_SendFailsAfterTheReport_DoesNotMarkIt()
    {
        Verification? refused = null;
        EdsApp app = null!;
        await using var started = app = await StartAsync(
            (method, _, call) => method == nameof(IVerificationStore.GetAsync)
                && Interlocked.Exchange(ref refused, null) is { } next
                ? ReadAfterWriteAsync(next, call)
                : call(),
            settings: []);
        await app.Store.WriteAsync(A.Verification.Record(app.Time.GetUtcNow()));
        await app.RunReportAsync(TimeSpan.FromMinutes(10));
        var unknown = Assert.Single(await app.RecordsAsync());
        Assert.Equal(VerificationState.Unknown, unknown.State);
        refused = unknown.ApplyOutcome(1, new EcdFailure.NotSent("no connection"), app.Time.GetUtcNow());

        await app.RunReportAsync(TimeSpan.FromHours(1));

        Assert.Single(app.LoggedReports());
        var failed = Assert.Single(await app.RecordsAsync());
        Assert.Equal((VerificationState.Failed, null), (failed.State, failed.Reported));

        async Task<Verification?> ReadAfterWriteAsync(Verification next, Func<object?> call)
        {
            await app.Store.WriteAsync(next);
            return await (Task<Verification?>)call()!;
        }
    }

    [Fact]
    public async Task Run_MarkerIsNotWritten_DoesNotRepeatAcceptedItems()
    {
        var markerWrites = 0;
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await StartAsync(
            (method, _, call) =>
                method == nameof(IVerificationStore.SetMarkerAsync) && Interlocked.Increment(ref markerWrites) == 1
                ? throw new IOException("The store fails.")
                : call(),
            FakeChannel.Settings(ops));
        var expired = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromDays(7));
        await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));
        Assert.Equal(VerificationState.Expired, (await app.ReadAsync(expired)).State);
        await app.RunReportAsync();

        Assert.Equal([Expired, Stale], ops.Headlines.Select(Kind));
    }

    [Fact]
    public async Task Run_FullDigest_ListsNewItemsBeforeReminders()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var reminded = await app.RecordPendingAsync(count: 20);
        await app.RunReportAsync(TimeSpan.FromHours(1));
        app.Time.Advance(TimeSpan.FromHours(3));
        var added = await app.RecordPendingAsync(count: 5);

        await app.RunReportAsync(TimeSpan.FromHours(1));

        var message = ops.Messages[1];
        Assert.All(added, one => Assert.Contains($"done {one.Ref}", message, StringComparison.Ordinal));
        Assert.Equal(15, reminded.Count(one => message.Contains($"done {one.Ref}", StringComparison.Ordinal)));
        Assert.True(
            added.Max(one => message.IndexOf(one.Ref, StringComparison.Ordinal))
                < message.IndexOf(reminded[0].Ref, StringComparison.Ordinal),
            message);
    }

    [Fact]
    public async Task Run_ClockAheadOfTheStore_LogsItAndExpiresNothing()
    {
        var difference = TimeSpan.FromSeconds(61);
        await using var app = await StartAsync(
            (method, _, call) => method == $"get_{nameof(IVerificationStore.ClockDifference)}" ? difference : call(),
            settings: []);
        var expires = await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromDays(8));
        Assert.True((await app.ReadAsync(expires)).IsOpen);
        Assert.Single(app.Logged(eventId: 302));

        difference = TimeSpan.FromSeconds(-60);
        await app.RunReportAsync();
        Assert.Equal(VerificationState.Expired, (await app.ReadAsync(expires)).State);
        Assert.Single(app.Logged(eventId: 302));
    }

    private static async Task<string?> WaitForCancellationAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return null;
    }

    /// <summary>The start of a headline, which shows the kind of the notice.</summary>
    private static string Kind(string headline) => headline[..15];

    /// <summary>Whether only a certain step of the timer makes this call of the store.</summary>
    private static bool IsCallOf(string step, string method, object?[] args) => step switch
    {
        "time out abandoned sends" => args is
            [StoreWrite { Verification: { State: VerificationState.Unknown, ReportedTo: null, Reported: null } }],
        "reconcile" => method == nameof(IVerificationStore.GetMarkerAsync)
            && ((string)args[0]!).StartsWith("attached-", StringComparison.Ordinal),
        "expire" => args is [StoreWrite { Verification.State: VerificationState.Expired }],
        _ => method == nameof(IVerificationStore.CleanUpAsync),
    };

    /// <param name="intercept">
    /// Handles each call of the store. Gets the name of the method, the arguments, and the call itself.
    /// </param>
    /// <param name="settings">Settings that differ from the defaults.</param>
    private static Task<EdsApp> StartAsync(
        Func<string, object?[], Func<object?>, object?> intercept,
        IEnumerable<KeyValuePair<string, string?>> settings) =>
        EdsApp.StartAsync(new(settings), StoreDecorator.Decorate(store =>
            StoreDecorator.Create(store, (method, args, call) => intercept(method.Name, args, call))));
}
