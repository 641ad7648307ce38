using EdsFunctions.Tests.Hosts;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>A process of the app is killed before Alibaba responds. The next process finishes its work.</summary>
public sealed class KilledProcessTests
{
    [Fact]
    public async Task Kill_WhileASendIsInProgress_IsReportedByTheNextProcess()
    {
        using var folder = new TemporaryFolder();
        await using var alibaba = await LoopbackSimulator.StartAsync();
        alibaba.Faults.Add(new Fault(FaultKind.Hang));
        var verification = A.Verification.By("alice");
        await using (var host = StartHost(folder, alibaba))
        {
            var call = new ApiClient(new Uri(await host.ListeningAsync())).SendAsync(verification, "key-1");
            while (alibaba.Requests.Items.Count == 0)
            {
                await Task.Yield();
            }

            host.Kill();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        }

        // Start the next process, an hour later.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1));
        using var store = new SqliteVerificationStore(folder.File("verifications.db"), time, StoreExtensions.Records);
        using var next = EdsInstance.Start(store, alibaba.Url, time);
        Assert.Equal(VerificationState.Sending, Assert.Single(await RecordsAsync(next)).State);
        await next.Maintenance.RunAsync(TestContext.Current.CancellationToken);

        var found = Assert.Single(await RecordsAsync(next));
        Assert.Equal((VerificationState.Unknown, "alice", 1), (found.State, found.RequestedBy, found.Reported?.Count));
        var repeat = await next.Send.RunAsync(
            verification.Request(), verification.Request().HttpKey("key-1"), TestContext.Current.CancellationToken);
        Assert.Equal(found.Id, Assert.IsType<SendVerification.Result.Repeated>(repeat).Repeat.Verification?.Id);
        Assert.Single(alibaba.Requests.Items);
    }

    private static DevHostProcess StartHost(TemporaryFolder folder, SimulatorServer alibaba)
    {
        var settings = new Dictionary<string, string>
        {
            ["URLS"] = "http://127.0.0.1:0",
            ["Alibaba__EndpointOverride"] = alibaba.Url.ToString(),
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "testid",
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "testsecret",
            ["Verifications__SqlitePath"] = folder.File("verifications.db"),
        };
        return DevHostProcess.Start(folder.Path, [], settings);
    }

    private static Task<IReadOnlyList<Verification>> RecordsAsync(EdsInstance app) => app.Store.ListAsync(
        new VerificationQuery(null, null, null, null, 10), TestContext.Current.CancellationToken).ReadableAsync();
}
