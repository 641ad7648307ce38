using Azure.Data.Tables;
using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// Azure stops the worker after an e-mail was sent, and before the outcome of the send is recorded. The table delays
/// the first write of the outcome, so that only a retry succeeds, some seconds after the stop.
/// </summary>
public sealed class WorkerStopTests(Azurite azurite) : IAsyncLifetime
{
    private readonly VerificationBuilder verification = A.Verification;
    private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FaultyTable table = null!;
    private SimulatorServer alibaba = null!;
    private volatile bool stopping;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        table = await FaultyTable.StartAsync(await azurite.ConnectionStringAsync());
        table.Decide = request =>
        {
            if (stopping || !request.Contains("\"State\":\"pending\"", StringComparison.Ordinal))
            {
                return TableFault.None;
            }

            sent.TrySetResult();
            return TableFault.HoldRequest;
        };
        alibaba = await LoopbackSimulator.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (alibaba?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (table?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Stop_CallerHasDisconnected_RecordsTheOutcomeAndEndsInTime()
    {
        await using var host = await FunctionsHost.StartAsync(
            RunningWorker.Settings(table.ConnectionString, alibaba.Url));
        var api = new ApiClient(host.Url, FunctionsHost.Key);
        using var disconnect = new CancellationTokenSource();
        using var request = api.Request(
            HttpMethod.Post, "verifications", Encoding.UTF8.GetBytes(verification.Json()), "application/json", null);
        var call = api.SendUntilAsync(request, disconnect.Token);
        await sent.Task.WithTimeoutAsync();
        await disconnect.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await StopsAndRecordsAsync(host);
    }

    [Fact]
    public async Task Stop_AfterALateReply_RecordsTheOutcomeAndEndsInTime()
    {
        var teams = FakeChatPlatform.All["Teams"];
        var settings = RunningWorker.Settings(table.ConnectionString, alibaba.Url);
        settings["ChatOps__Teams__Secrets__0"] = teams.Secret;
        settings["ChatOps__Teams__AllowedUsers__0"] = FakeChatPlatform.Alice;
        settings["ChatOps__DefaultRegion"] = verification.Target().RegionId;
        await using var host = await FunctionsHost.StartAsync(settings);
        var command = teams.Deliver(
            $"send {verification.CenId} {VerificationBuilder.DefaultOwner}", "1", TimeProvider.System.GetUtcNow());
        (await command.SendAsync(host.Url, teams.Route)).ShouldBe(200);
        await sent.Task.WithTimeoutAsync();

        await StopsAndRecordsAsync(host);
    }

    private async Task StopsAndRecordsAsync(FunctionsHost host)
    {
        var store = new TableVerificationStore(
            new TableServiceClient(table.ConnectionString), TimeProvider.System, StoreExtensions.Records);
        async Task<VerificationState?> StateAsync() =>
            (await store.GetTargetAsync(verification.Target(), Cancel)).Open?.State;

        Assert.Equal(VerificationState.Sending, await StateAsync());
        host.Terminate();
        stopping = true;

        // The worker must exit before its shutdown timeout.
        Assert.Equal(0, await host.ExitAsync().WithTimeoutAsync());
        Assert.Equal(VerificationState.Pending, await StateAsync());
        Assert.Single(alibaba.Outbox.Messages);
    }
}
