using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>
/// Both promises of the app hold on a table that loses responses, delays or rejects requests, or has another clock.
/// </summary>
public sealed class FaultyTableTests(Azurite azurite) : IAsyncLifetime
{
    /// <summary>A text that only a transaction that records an accepted send contains.</summary>
    private const string PendingRow = "\"State\":\"pending\"";

    private readonly string name = $"F{Guid.NewGuid():N}";
    private readonly VerificationBuilder verification = A.Verification;
    private readonly List<EdsInstance> instances = [];
    private FaultyTable table = null!;
    private SimulatorServer alibaba = null!;
    private EdsInstance app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Mails => alibaba.Outbox.Messages.Count(mail => mail.CenId == verification.CenId);

    public async ValueTask InitializeAsync()
    {
        table = await FaultyTable.StartAsync(await azurite.ConnectionStringAsync());
        alibaba = await LoopbackSimulator.StartAsync();
        app = Start(TimeProvider.System);
        await app.Store.CheckAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await (table?.DisposeAsync() ?? ValueTask.CompletedTask);
        instances.ForEach(instance => instance.Dispose());
        await (alibaba?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>
    /// The Azure client retries a transaction. If the retry fails too, the app reads the record to find out whether the
    /// write succeeded.
    /// </summary>
    [Theory]
    [InlineData(TableFault.LoseResponse)]
    [InlineData(TableFault.LoseResponse, TableFault.Refuse, TableFault.Refuse)]
    [InlineData(TableFault.LoseResponse, TableFault.Unavailable, TableFault.Unavailable)]
    [InlineData(TableFault.HoldResponse, TableFault.HoldResponse, TableFault.HoldResponse)]
    [InlineData(TableFault.Refuse, TableFault.LoseResponse, TableFault.Refuse)]
    public async Task Send_RecordStoredButUnconfirmed_SendsOnce(params TableFault[] faults)
    {
        table.Fail(verification.CenId, faults);

        var sent = Assert.IsType<SendVerification.Result.Sent>(await SendAsync());

        Assert.Equal((VerificationState.Pending, 1), (sent.Verification.State, Mails));
        Assert.Equal(VerificationState.Pending, (await RecordAsync(sent)).State);
    }

    [Fact]
    public async Task Send_RecordNotStored_SendsNothingAndIsRetriedByItsRepeat()
    {
        table.Fail(verification.CenId, TableFault.Refuse, TableFault.Unavailable, TableFault.Refuse);
        var key = IdempotencyKey.Create("key", verification.Request());

        var failed = Assert.IsType<SendVerification.Result.Sent>(await SendAsync(key));

        Assert.Equal((VerificationState.Failed, SendFailureKind.NotSent, 0),
            (failed.Verification.State, failed.Verification.LastFailure?.Kind, Mails));
        Assert.Equal(VerificationState.Failed, (await RecordAsync(failed)).State);
        var found = await app.Store.FindByRefAsync(failed.Verification.Ref, 2, Cancel);
        Assert.Equal(failed.Verification.Id, Assert.Single(found).Id);
        var repeat = Assert.IsType<SendVerification.Result.Sent>(await SendAsync(key));
        Assert.Equal((VerificationState.Pending, 1), (repeat.Verification.State, Mails));
        Assert.IsType<SendVerification.Result.Repeated>(await SendAsync(key));
        Assert.Equal(1, Mails);
    }

    /// <summary>
    /// The table stores the writes of a send after the app has given up. The records must not show a send that no
    /// process makes.
    /// </summary>
    [Fact]
    public async Task Send_RecordStoredLate_LeavesNothingOpen()
    {
        table.Fail(verification.CenId, TableFault.HoldRequest, TableFault.HoldRequest, TableFault.HoldRequest);

        var failed = Assert.IsType<SendVerification.Result.Sent>(await SendAsync());
        await table.ReleaseAsync();

        Assert.Equal(VerificationState.Failed, (await RecordAsync(failed)).State);
        Assert.Null((await app.Store.GetTargetAsync(verification.Target(), Cancel)).Open);
        Assert.IsType<SendVerification.Result.Sent>(await SendAsync());
        Assert.Equal(1, Mails);
    }

    [Fact]
    public async Task Resend_RecordStoredLate_LeavesItAsItWas()
    {
        var sent = Assert.IsType<SendVerification.Result.Sent>(await SendAsync());
        table.Fail(verification.CenId, TableFault.HoldRequest, TableFault.HoldRequest, TableFault.HoldRequest);

        var failed = Assert.IsType<SendVerification.Result.Sent>(
            await app.Resend.RunAsync(new(sent.Verification.Id), key: null, Cancel));
        await table.ReleaseAsync();

        Assert.Equal(SendFailureKind.NotSent, failed.Verification.LastFailure?.Kind);
        Assert.Equal((VerificationState.Pending, 1), ((await RecordAsync(sent)).State, Mails));
    }

    [Fact]
    public async Task Send_TableUnavailable_SendsNothingAndIsRetriedByItsRepeat()
    {
        table.Decide = request =>
            request.StartsWith("POST", StringComparison.Ordinal) ? TableFault.Refuse : TableFault.None;
        var key = IdempotencyKey.Create("key", verification.Request());

        await Assert.ThrowsAsync<StoreUnavailableException>(() => SendAsync(key));
        Assert.Equal(0, Mails);
        table.Decide = _ => TableFault.None;

        var sent = Assert.IsType<SendVerification.Result.Sent>(await SendAsync(key));
        Assert.Equal(VerificationState.Pending, sent.Verification.State);
        Assert.Equal(1, Mails);
    }

    /// <summary>
    /// The table is deleted between the reads and the first write. The proxy responds as Azure does, because Azurite
    /// would accept the write.
    /// </summary>
    [Fact]
    public async Task Send_TableWasDeletedBeforeTheRecord_CreatesItAndSendsOnce()
    {
        var deleted = new TableClient(await azurite.ConnectionStringAsync(), name);
        var creations = new ConcurrentQueue<string>();
        var isDeleted = false;
        table.Decide = request =>
        {
            if (!isDeleted && request.Contains("$batch", StringComparison.Ordinal))
            {
                isDeleted = true;
                deleted.Delete(Cancel);
                return TableFault.TableNotFound;
            }

            if (isDeleted && request.StartsWith("POST /devstoreaccount1/Tables", StringComparison.Ordinal))
            {
                creations.Enqueue(request);
            }

            return TableFault.None;
        };
        var key = IdempotencyKey.Create("key", verification.Request());

        var sent = Assert.IsType<SendVerification.Result.Sent>(await SendAsync(key));

        Assert.Single(creations);
        Assert.Equal((VerificationState.Pending, 1), (sent.Verification.State, Mails));
        var stored = Assert.Single(
            await app.Store.ListAsync(new VerificationQuery(null, null, null, null, 10), Cancel).ReadableAsync());
        Assert.Equal((sent.Verification.Id, VerificationState.Pending), (stored.Id, stored.State));
        Assert.IsType<SendVerification.Result.Repeated>(await SendAsync(key));
        Assert.Equal(1, Mails);
    }

    [Theory]
    [InlineData(TableFault.LoseResponse)]
    [InlineData(TableFault.LoseResponse, TableFault.Refuse, TableFault.Refuse)]
    [InlineData(TableFault.Refuse, TableFault.Refuse, TableFault.Refuse)]
    public async Task Send_OutcomeUnconfirmed_IsRecorded(params TableFault[] faults)
    {
        table.Fail(PendingRow, faults);

        var sent = Assert.IsType<SendVerification.Result.Sent>(await SendAsync());

        Assert.Equal((VerificationState.Pending, VerificationState.Pending, 1),
            (sent.Verification.State, (await RecordAsync(sent)).State, Mails));
    }

    [Fact]
    public async Task Send_OutcomeCannotBeRecorded_IsUnknownAndTimesOut()
    {
        table.Decide = request =>
            request.Contains(PendingRow, StringComparison.Ordinal) ? TableFault.Refuse : TableFault.None;

        var sent = Assert.IsType<SendVerification.Result.Sent>(await SendAsync());

        Assert.Equal((VerificationState.Unknown, VerificationState.Sending, 1),
            (sent.Verification.State, (await RecordAsync(sent)).State, Mails));
    }

    [Fact]
    public async Task Send_CallerDisconnectsDuringTheFirstWrite_GoesOnToItsEnd()
    {
        using var caller = new CancellationTokenSource();
        table.Decide = request =>
        {
            if (request.Contains(verification.CenId, StringComparison.Ordinal))
            {
                caller.Cancel();
            }

            return TableFault.None;
        };

        var sent = Assert.IsType<SendVerification.Result.Sent>(
            await app.Send.RunAsync(verification.Request(), key: null, caller.Token));

        Assert.Equal((VerificationState.Pending, 1), ((await RecordAsync(sent)).State, Mails));
    }

    /// <summary>Another instance writes the record before the response to the first write arrives.</summary>
    [Fact]
    public async Task Send_RecordChangedBeforeItIsConfirmed_IsRecognized()
    {
        var other = Start(TimeProvider.System);
        table.Fail(verification.CenId, TableFault.HoldResponse);
        var sending = SendAsync();
        Verification? stored;
        do
        {
            stored = (await other.Store.GetTargetAsync(verification.Target(), Cancel)).Open;
        }
        while (stored is null);
        var writer = other.Services.GetRequiredService<VerificationWriter>();

        var (marked, _) = await writer.ChangeAsync<object>(
            _ => Task.FromResult<Change<object>>(stored.MarkReported(other.Store.UtcNow, "ops")));
        Assert.NotNull(marked);

        var sent = Assert.IsType<SendVerification.Result.Sent>(await sending);
        Assert.Equal((VerificationState.Pending, 1), (sent.Verification.State, Mails));
    }

    /// <summary>
    /// The row of the cancelled verification is in a closed partition, where a change would always conflict.
    /// </summary>
    [Fact]
    public async Task Mark_RecordWasCancelledSince_WritesNothing()
    {
        var id = Assert.IsType<SendVerification.Result.Sent>(await SendAsync()).Verification.Id;
        alibaba.Faults.Add(new Fault(FaultKind.Denied, CenId: verification.CenId));
        var resent = Assert.IsType<SendVerification.Result.Sent>(
            await app.Resend.RunAsync(new(id), key: null, Cancel)).Verification;
        await app.Services.GetRequiredService<UndeliveredReplies>().SetUndeliveredAsync(resent, isUndelivered: true);
        var current = await app.Store.ReadCurrentAsync(Cancel);
        await app.Close.RunAsync(new(id, VerificationState.Cancelled, "bob"), key: null, Cancel);
        var writes = 0;
        table.Decide = request =>
        {
            writes += request.StartsWith("POST", StringComparison.Ordinal) ? 1 : 0;
            return TableFault.None;
        };

        await app.Report.RunAsync(current, mayExpire: true, Cancel);
        Assert.Contains(app.Services.GetFakeLogCollector().GetSnapshot(), entry => entry.Id.Id == 303);
        await app.Services.GetRequiredService<UndeliveredReplies>().SetUndeliveredAsync(resent, isUndelivered: false);

        Assert.Equal(0, writes);
        Assert.DoesNotContain(app.Services.GetFakeLogCollector().GetSnapshot(), entry => entry.Id.Id == 304);
    }

    [Theory]
    [InlineData("00:01:30")]
    [InlineData("-00:01:30")]
    [InlineData("8.00:00:00")]
    public async Task Clock_OfAnotherInstanceDiffers_SendsOnceAndExpiresNothing(string ahead)
    {
        var other = Start(new FakeTimeProvider(
            TimeProvider.System.GetUtcNow() + TimeSpan.Parse(ahead, CultureInfo.InvariantCulture)));
        var before = Assert.IsType<SendVerification.Result.Sent>(
            await app.Send.RunAsync(A.Verification.Request(), IdempotencyKey.Create("before", "x"), Cancel))
            .Verification;
        alibaba.Faults.Add(new Fault(FaultKind.Hang, CenId: verification.CenId));
        var sending = SendAsync();
        while (alibaba.Requests.Items.All(request => request.CenId != verification.CenId))
        {
            await Task.Yield();
        }

        await other.Maintenance.RunAsync(Cancel);

        Assert.IsType<SendVerification.Result.InProgress>(
            await other.Send.RunAsync(verification.Request(), key: null, Cancel));
        Assert.Equal(VerificationState.Pending, (await app.Store.GetAsync(before.Id, Cancel))?.State);
        Assert.NotNull(await app.Store.FindKeyAsync(IdempotencyKey.Create("before", "x").Hash, Cancel));
        Assert.Contains(other.Services.GetFakeLogCollector().GetSnapshot(), entry => entry.Id.Id == 302);
        // Stop the simulator to end the request that hangs.
        await alibaba.DisposeAsync();
        Assert.IsType<SendVerification.Result.Sent>(await sending);
        Assert.Equal(1, alibaba.Requests.Items.Count(request => request.CenId == verification.CenId));
    }

    [Fact]
    public async Task Send_ThirtyCensOfOneOwnerAtOnce_SendsTwenty()
    {
        // Allow more time for responses, because so many requests at once are slow.
        var slow = Start(TimeProvider.System, secondsToRespond: 20);

        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ =>
            slow.Send.RunAsync(
                A.Verification.OwnedBy(verification.Target().CenOwnerId!.Value.Value).Request(), key: null, Cancel)));

        Assert.Equal(20, results.Count(one => one is SendVerification.Result.Sent));
        Assert.Equal(10, results.Count(one => one is SendVerification.Result.OwnerLimit));
        Assert.Equal(20, alibaba.Outbox.Messages.Count);
    }

    private EdsInstance Start(TimeProvider time, double secondsToRespond = 2)
    {
        // Wait less for a response than with the options of the app, so that the test is fast.
        var options = new TableClientOptions
        {
            Retry =
            {
                MaxRetries = 2,
                Delay = TimeSpan.FromMilliseconds(1),
                NetworkTimeout = TimeSpan.FromSeconds(secondsToRespond),
            },
        };
        var store = new TableVerificationStore(
            new TableServiceClient(table.ConnectionString, options), time, StoreExtensions.Records, name);
        instances.Add(EdsInstance.Start(
            store, alibaba.Url, time, services => services.PostConfigure<VerificationOptions>(rules =>
                (rules.ResendCooldown, rules.MaxSendsPerOwnerPerHour) = (TimeSpan.Zero, 20))));
        return instances[^1];
    }

    private Task<SendVerification.Result> SendAsync(IdempotencyKey? key = null) =>
        app.Send.RunAsync(verification.Request(), key, Cancel);

    private async Task<Verification> RecordAsync(SendVerification.Result.Sent sent) =>
        Assert.IsType<Verification>(await app.Store.GetAsync(sent.Verification.Id, Cancel));
}
