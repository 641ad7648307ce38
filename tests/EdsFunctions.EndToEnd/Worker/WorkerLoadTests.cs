using System.Collections.Concurrent;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// Sends requests of many callers at once, of which every tenth disconnects, and kills the worker again and again. The
/// environment variable <c>EDS_LOAD_KILLS</c> sets how often the worker is killed.
/// </summary>
public sealed class WorkerLoadTests(Azurite azurite) : IAsyncLifetime
{
    private const int Callers = 16;
    private const int SendsPerProcess = 50;

    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("EDS_LOAD_KILLS") is { Length: > 0 } number ? number : "2",
        CultureInfo.InvariantCulture);

    private static readonly int Sends = SendsPerProcess * (Kills + 1);

    private readonly ConcurrentQueue<(string CenId, ApiResponse? Response)> attempts = new();
    private readonly SemaphoreSlim attempted = new(0);
    private FaultyTable table = null!;
    private SimulatorServer alibaba = null!;

    /// <summary>The running worker or, after a kill, the start of the next worker.</summary>
    private volatile Task<FunctionsHost> running = null!;

    public async ValueTask InitializeAsync()
    {
        // The test sets the clock of the table ahead, so it needs an account of its own.
        table = await FaultyTable.StartAsync(await azurite.OwnConnectionStringAsync());
        alibaba = await LoopbackSimulator.StartAsync();
        running = StartAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        if (running is not null)
        {
            await (await running).DisposeAsync();
        }

        await (alibaba?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (table?.DisposeAsync() ?? ValueTask.CompletedTask);
        attempted.Dispose();
    }

    [Fact]
    public async Task Send_WorkerIsKilledAndCallersDisconnect_RequestsRecordsAndMailsAddUp()
    {
        var next = 0;
        var calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= Sends)
            {
                var verification = A.Verification.OwnedBy(A.FreshOwner());
                attempts.Enqueue((verification.CenId, await CallAsync(number, verification)));
                attempted.Release();
            }
        }));
        for (var kill = 1; kill <= Kills; kill++)
        {
            for (var count = 0; count < SendsPerProcess; count++)
            {
                await attempted.WaitAsync(TestContext.Current.CancellationToken);
            }

            await RestartAsync();
        }

        await calling;
        // Set the clock of the table ahead, so that abandoned sends time out.
        table.ClockAhead = TimeSpan.FromHours(1);
        await (await running).RunTimerAsync();
        var (records, mails) = (await RecordsAsync(), alibaba.Outbox.Messages);

        var responses = Counts(attempts.Select(one => one.Response is { Status: var status } ? $"{status}" : "none"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{attempts.Count} requests; responses: {responses}; "
            + $"records: {Counts(records.Select(one => one["state"]!))}; {mails.Count} e-mails");
        var recordsOf = records.ToLookup(record => record["cenId"]);
        var mailsOf = mails.ToLookup(mail => mail.CenId);
        Assert.All(attempts, attempt => Assert.Null(
            Violation(attempt.Response, [.. recordsOf[attempt.CenId]], mailsOf[attempt.CenId].Count())));
        Assert.Equal(Sends, attempts.Count);
        Assert.Empty(mails.Select(mail => mail.CenId).Concat(records.Select(record => record["cenId"]))
            .Except(attempts.Select(attempt => attempt.CenId)));
    }

    private static string Counts(IEnumerable<string> values) =>
        string.Join(", ", values.CountBy(value => value).Select(count => $"{count.Key} {count.Value}"));

    /// <summary>Returns the rule that a request has violated; null if it has violated none.</summary>
    private static string? Violation(ApiResponse? response, ApiResponse[] records, int mails)
    {
        // If a request certainly sent nothing, its repeat creates another record. Such records are failed, so leave
        // them out.
        var others = records.Where(record => record["state"] != "failed").ToArray();
        return (response?.Status, others, mails) switch
        {
            (_, _, > 1) => $"{mails} e-mails",
            (_, { Length: > 1 }, _) => $"{others.Length} records that did not fail",
            (_, [], 1) => "an e-mail without a record",
            (_, [var one], 0) when one["state"] == "pending" => "pending without an e-mail",
            (_, [var one], _) when one["state"] is not ("pending" or "unknown") => $"the record is {one["state"]}",
            (201, [var one], 1) when (one["state"], one.Id) == ("pending", response!.Id) => null,
            (201, _, _) => $"201 for {response!.Id}, which is not pending",
            _ => null,
        };
    }

    /// <summary>
    /// Sends a request. If there is no response, repeats the request with the same key. Every tenth caller disconnects.
    /// </summary>
    /// <returns>The response of the app; null if the caller disconnected.</returns>
    private async Task<ApiResponse?> CallAsync(int number, VerificationBuilder verification)
    {
        var key = Guid.NewGuid().ToString();
        while (true)
        {
            var host = await running;
            try
            {
                var api = new ApiClient(host.Url, FunctionsHost.Key);
                if (number % 10 == 0)
                {
                    using var disconnect = new CancellationTokenSource(
                        TimeSpan.FromMilliseconds(number % 100 * 10), TimeProvider.System);
                    using var request = api.Request(
                        HttpMethod.Post,
                        "verifications",
                        Encoding.UTF8.GetBytes(verification.Json()),
                        "application/json",
                        key);
                    return await api.SendUntilAsync(request, disconnect.Token);
                }

                var response = await api.SendAsync(verification, key);
                if (response["id"] is not null || response["type"] is not null)
                {
                    return response;
                }

                // The host sent this response because the worker was killed.
            }
            catch (HttpRequestException)
            {
            }
            catch (OperationCanceledException) when (number % 10 == 0)
            {
                return null;
            }
        }
    }

    private async Task RestartAsync()
    {
        var host = await running;
        var starting = new TaskCompletionSource<FunctionsHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        running = starting.Task;
        await host.KillAsync();
        await host.DisposeAsync();
        starting.SetResult(await StartAsync());
    }

    private async Task<List<ApiResponse>> RecordsAsync()
    {
        var api = new ApiClient((await running).Url, FunctionsHost.Key);
        var records = new List<ApiResponse>();
        for (var next = ""; next is not null;)
        {
            var page = (await api.GetAsync($"verifications?limit=200{next}")).ShouldBe(200);
            records.AddRange(page.Json.GetProperty("items").EnumerateArray()
                .Select(item => new ApiResponse(200, item.GetRawText(), new Dictionary<string, string>())));
            next = page["next"] is { } after ? $"&after={after}" : null;
        }

        return records;
    }

    private Task<FunctionsHost> StartAsync() =>
        FunctionsHost.StartAsync(RunningWorker.Settings(table.ConnectionString, alibaba.Url));
}
