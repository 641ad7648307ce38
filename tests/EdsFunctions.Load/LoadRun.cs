namespace EdsFunctions.Load;

/// <summary>
/// The load test. Sends many requests through DevHost to the simulator, and then shuts DevHost down under load. After
/// each step, compares the requests with the verifications and the e-mails.
/// </summary>
internal sealed class LoadRun(int sends, int concurrency, string folder)
{
    private const int SendsBeforeShutdown = 2_000;
    private const double Mebibyte = 1024 * 1024;

    /// <summary>
    /// The growth of memory, from the third quarter of the run to the last, that does not yet count as a leak.
    /// </summary>
    private const double GrowthFactor = 1.1;
    private const double GrowthMargin = 16 * Mebibyte;

    /// <summary>
    /// How long DevHost may take to shut down: half of its shutdown timeout, because requests take milliseconds here.
    /// </summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the run waits for outcomes: longer than the minute after which abandoned sends time out.
    /// </summary>
    private static readonly TimeSpan OutcomeTimeout = TimeSpan.FromSeconds(100);

    private readonly List<Attempt> attempts = [];

    /// <summary>The violations that the run has found, one line each.</summary>
    public List<string> Violations { get; } = [];

    public async Task RunAsync()
    {
        await using var simulator = await ChildProcess.StartAsync("EdsFunctions.EcdSimulator", folder);
        await using (var devHost = await StartDevHostAsync(simulator.Url))
        {
            await SendAsync(devHost);
            await AuditAsync(simulator.Url, devHost.Url);
            await ShutDownAsync(devHost);
        }

        // With short timeouts and a timer run every second, abandoned sends time out soon.
        await using (var devHost = await StartDevHostAsync(
            simulator.Url, "--Alibaba:Timeout", "00:00:01", "--StaleReportSchedule", "* * * * * *"))
        {
            await WaitForOutcomesAsync(devHost.Url);
            await AuditAsync(simulator.Url, devHost.Url);
        }
    }

    private Task<ChildProcess> StartDevHostAsync(Uri simulator, params string[] arguments) => ChildProcess.StartAsync(
        "EdsFunctions.DevHost",
        folder,
        [
            "--Alibaba:EndpointOverride", simulator.ToString(),
            "--ALIBABA_CLOUD_ACCESS_KEY_ID", "testid",
            "--ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret",
            "--ALIBABA_CLOUD_SECURITY_TOKEN", "",
            .. arguments,
        ]);

    private async Task SendAsync(ChildProcess devHost)
    {
        Console.WriteLine($"{sends:n0} sends, {concurrency} at a time");
        using var sender = new Sender(devHost.Url, "load", concurrency);
        var startedAt = TimeProvider.System.GetTimestamp();
        var sending = sender.SendAsync(sends);
        var peaks = await MeasureMemoryAsync(devHost, () => (double)sender.Completed / sends, sending);
        var elapsed = TimeProvider.System.GetElapsedTime(startedAt);
        var sent = await sending;

        Console.WriteLine($"  time        {elapsed.TotalSeconds:n1} s");
        Console.WriteLine($"  throughput  {sends / elapsed.TotalSeconds:n0} sends a second");
        var latencies = sent.Select(attempt => attempt.Elapsed.TotalMilliseconds).Order().ToList();
        var (p50, p99) = (latencies[sends / 2], latencies[sends * 99 / 100]);
        Console.WriteLine($"  latency     p50 {p50:n0} ms, p99 {p99:n0} ms, longest {latencies[^1]:n0} ms");
        var memory = string.Join(", ", peaks.Select(peak => $"{peak / Mebibyte:n0}"));
        Console.WriteLine($"  memory      at most {memory} MiB in the four quarters of the sends");
        if (peaks[3] > (peaks[2] * GrowthFactor) + GrowthMargin)
        {
            Violations.Add($"The memory of DevHost grew: {memory} MiB in the quarters of the run.");
        }

        AddAttempts(sent, allowed: [Attempt.Created]);
    }

    /// <returns>The largest working set in each quarter of the run, in bytes.</returns>
    private static async Task<long[]> MeasureMemoryAsync(ChildProcess process, Func<double> progress, Task work)
    {
        var peaks = new long[4];
        while (!work.IsCompleted)
        {
            var quarter = Math.Min((int)(progress() * peaks.Length), peaks.Length - 1);
            peaks[quarter] = Math.Max(peaks[quarter], process.Memory);
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        }

        return peaks;
    }

    private async Task ShutDownAsync(ChildProcess devHost)
    {
        Console.WriteLine($"Shutdown under load, {concurrency} at a time");
        using var sender = new Sender(devHost.Url, "stop", concurrency);
        var sending = sender.SendAsync();
        while (sender.Completed < SendsBeforeShutdown && !sending.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        var before = sender.Completed;
        var startedAt = TimeProvider.System.GetTimestamp();
        var exitCode = await devHost.TerminateAsync(ShutdownTimeout);
        var elapsed = TimeProvider.System.GetElapsedTime(startedAt);
        Console.WriteLine($"  exited      {elapsed.TotalMilliseconds:n0} ms after SIGTERM, exit code {exitCode}");
        if (exitCode != 0)
        {
            Violations.Add($"DevHost did not exit cleanly within {ShutdownTimeout} of SIGTERM: exit code {exitCode}.");
        }

        var sent = await sending;
        var results = sent.Skip(before).CountBy(attempt => attempt.Result)
            .Select(result => $"{result.Value:n0} {result.Key}");
        Console.WriteLine($"  requests    {before:n0} completed before SIGTERM; after it {string.Join(", ", results)}");
        AddAttempts(sent, allowed: [null, Attempt.Created, Attempt.Unavailable]);
    }

    private void AddAttempts(IReadOnlyList<Attempt> sent, int?[] allowed)
    {
        attempts.AddRange(sent);
        Violations.AddRange(sent.Where(attempt => !allowed.Contains(attempt.Status))
            .Select(attempt => $"{attempt.CenId}: {attempt.Result}"));
    }

    /// <summary>Waits until no verification is <c>sending</c>.</summary>
    private static async Task WaitForOutcomesAsync(Uri devHost)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while ((await Audit.ListVerificationsAsync(devHost, "state=sending")).Count > 0
            && TimeProvider.System.GetElapsedTime(startedAt) < OutcomeTimeout)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private async Task AuditAsync(Uri simulator, Uri devHost)
    {
        var verifications = await Audit.ListVerificationsAsync(devHost);
        var emails = await Audit.ListEmailsAsync(simulator);
        var states = verifications.CountBy(verification => verification.State)
            .Select(state => $"{state.Value:n0} {state.Key}");
        var created = attempts.Count(attempt => attempt.Status == Attempt.Created);
        Console.WriteLine($"  responses   {created:n0} of 201 in all");
        Console.WriteLine($"  listed      {verifications.Count:n0}: {string.Join(", ", states)}");
        Console.WriteLine($"  e-mails     {emails.Count:n0}");
        Violations.AddRange(Audit.Compare(attempts, verifications, emails));
    }
}
