using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// Both promises of the app hold on the worker if the table loses responses, and if the worker is killed.
/// </summary>
public sealed class WorkerFaultTests(Azurite azurite) : IAsyncLifetime
{
    private readonly VerificationBuilder verification = A.Verification;
    private FaultyTable table = null!;
    private SimulatorServer alibaba = null!;

    public async ValueTask InitializeAsync()
    {
        // The tests set the clock of the table ahead, so they need an account of their own.
        table = await FaultyTable.StartAsync(await azurite.OwnConnectionStringAsync());
        alibaba = await LoopbackSimulator.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (alibaba?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (table?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Send_ResponseToTheFirstWriteIsLost_SendsOnce()
    {
        await using var host = await StartAsync();
        var faults = 0;
        table.Decide = request =>
            IsWriteOf(verification, request) && faults++ == 0 ? TableFault.LoseResponse : TableFault.None;

        var sent = (await Api(host).SendAsync(verification)).ShouldBe(201);

        Assert.Equal("pending", (await Api(host).GetAsync(sent.Id)).ShouldBe(200)["state"]);
        Assert.Single(alibaba.Outbox.Messages);
        Assert.True(faults > 1);
    }

    public enum Moment
    {
        /// <summary>The send is recorded, and the response to the write is pending.</summary>
        Recorded,

        /// <summary>Alibaba Cloud received the request and has not responded.</summary>
        Requested,

        /// <summary>Alibaba Cloud sent the e-mail, and the outcome is not recorded.</summary>
        Mailed,
    }

    [Theory]
    [InlineData(Moment.Recorded, 0)]
    [InlineData(Moment.Requested, 1)]
    [InlineData(Moment.Mailed, 1)]
    public async Task Send_WorkerIsKilled_TimesOutAndIsNotResent(Moment moment, int requests)
    {
        var key = Guid.NewGuid().ToString();
        await using (var host = await StartAsync())
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TableFault Reach(TableFault fault)
            {
                reached.TrySetResult();
                return fault;
            }

            table.Decide = request =>
                (moment, IsWriteOf(verification, request), request.Contains("pending", StringComparison.Ordinal)) switch
            {
                (Moment.Recorded, true, _) => Reach(TableFault.HoldResponse),
                // The retries of the write fail, too.
                (Moment.Mailed, true, true) => Reach(TableFault.Refuse),
                _ => TableFault.None,
            };
            if (moment == Moment.Requested)
            {
                alibaba.Faults.Add(new Fault(FaultKind.Hang));
            }

            var call = Api(host).SendAsync(verification, key);
            while (moment == Moment.Requested && alibaba.Requests.Items.Count == 0)
            {
                await Task.Yield();
            }

            await (moment == Moment.Requested ? Task.CompletedTask : reached.Task).WithTimeoutAsync();
            await host.KillAsync();
            Assert.InRange((await call).Status, 500, 599);
        }

        await table.ReleaseAsync();
        (table.Decide, table.ClockAhead) = (_ => TableFault.None, TimeSpan.FromHours(1));
        await using var next = await StartAsync();
        var listed = (await Api(next).GetAsync("verifications?state=sending")).ShouldBe(200);
        Assert.Equal(verification.CenId, listed["items.0.cenId"]);
        await next.RunTimerAsync();

        var id = Guid.Parse(listed["items.0.id"]!);
        var timedOut = (await Api(next).GetAsync(id)).ShouldBe(200);
        Assert.Equal(("unknown", "1"), (timedOut["state"], timedOut["reportCount"]));
        var preview = (await Api(next).GetAsync("reports/stale")).ShouldBe(200);
        Assert.Contains(id.ToString(), preview.Text, StringComparison.Ordinal);
        (await Api(next).SendAsync(verification, key)).ShouldBeProblem(504, "outcome-unknown");
        Assert.Equal("False", (await Api(next).SendAsync(verification)).ShouldBe(200)["sent"]);
        Assert.Equal(requests, alibaba.Requests.Items.Count);
    }

    private static bool IsWriteOf(VerificationBuilder verification, string request) =>
        request.Contains("$batch", StringComparison.Ordinal)
            && request.Contains(verification.CenId, StringComparison.Ordinal);

    private static ApiClient Api(FunctionsHost host) => new(host.Url, FunctionsHost.Key);

    private Task<FunctionsHost> StartAsync() =>
        FunctionsHost.StartAsync(RunningWorker.Settings(table.ConnectionString, alibaba.Url));
}
