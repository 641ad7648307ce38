namespace EdsFunctions.Load;

/// <summary>
/// Many sends through DevHost against the simulator, then a shutdown in the midst of more of them, and after each the accounts: what
/// was asked for, what is on record, what was e-mailed.
/// </summary>
internal sealed class LoadRun(LoadOptions options, Stage stage)
{
    private const int SendsBeforeShutdown = 2_000;

    private const double Mebibyte = 1024 * 1024;

    /// <summary>Memory is flat where the last quarter of the sends takes no more than this beyond the third.</summary>
    private const double FlatFactor = 1.1;

    private const double FlatMargin = 16 * Mebibyte;

    /// <summary>Less than the 30 seconds that a host gives its requests: these take milliseconds.</summary>
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(15);

    /// <summary>More than the minute after which a send without an answer is given up for lost.</summary>
    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(100);

    private readonly List<string> violations = [];

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(LoadOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("eds-functions-load-");
        await using var stage = await Stage.SetAsync(folder.FullName);
        var run = new LoadRun(options, stage);
        var attempts = await run.SendAsync();
        Say("");
        if (run.violations is [])
        {
            Say("Every request is accounted for.");
            folder.Delete(recursive: true);
            return 0;
        }

        const int Shown = 20;
        Say($"{run.violations.Count} violations among {attempts} requests; the database is in {folder.FullName}");
        run.violations.Take(Shown).ToList().ForEach(violation => Say($"  {violation}"));
        return 1;
    }

    private async Task<int> SendAsync()
    {
        List<Attempt> attempts = [];
        var (devHost, url) = await stage.StartDevHostAsync();
        await using (devHost)
        {
            attempts.AddRange(await LoadAsync(devHost, url));
            await AccountAsync(attempts, url);
            attempts.AddRange(await ShutDownUnderLoadAsync(devHost, url));
        }

        // What the shutdown left as sending, if anything, is settled as soon as the rules allow.
        (devHost, url) = await stage.StartDevHostAsync("--Alibaba:Timeout", "00:00:01", "--StaleReportSchedule", "* * * * * *");
        await using (devHost)
        {
            await SettledAsync(url);
            await AccountAsync(attempts, url);
        }

        return attempts.Count;
    }

    private async Task<IReadOnlyCollection<Attempt>> LoadAsync(ChildProcess devHost, Uri url)
    {
        Say($"{options.Sends:n0} sends, {options.Concurrency} at a time");
        using var sender = new Sender(url, "load", options.Concurrency);
        var startedAt = TimeProvider.System.GetTimestamp();
        var sending = sender.SendAsync(options.Sends);
        var memory = await MemoryCurve.FollowAsync(devHost, () => (double)sender.Ended / options.Sends, sending);
        var elapsed = TimeProvider.System.GetElapsedTime(startedAt);
        var attempts = await sending;

        Say($"  time        {elapsed.TotalSeconds:n1} s, {options.Sends / elapsed.TotalSeconds:n0} sends a second");
        TimeSpan[] latencies = [.. attempts.Select(attempt => attempt.Elapsed).Order()];
        string Latency(double part) => $"{latencies[(int)(part * (latencies.Length - 1))].TotalMilliseconds:n0} ms";
        Say($"  latency     p50 {Latency(0.5)}, p99 {Latency(0.99)}, longest {Latency(1)}");
        Check(memory);
        violations.AddRange(attempts
            .Where(attempt => attempt.Status != Attempt.Created)
            .Select(attempt => $"{attempt.CenId}: {attempt.End}"));
        return attempts;
    }

    private void Check(MemoryCurve memory)
    {
        Say($"  memory      {memory.At(0.5) / Mebibyte:n0} MiB after half of the sends, {memory.At(1) / Mebibyte:n0} MiB at the end");
        if (memory.Most(0.5, 0.75) is not { } third || memory.Most(0.75, double.MaxValue) is not { } last)
        {
            Say("              too few sends to say whether that is flat");
            return;
        }

        var flat = last <= (third * FlatFactor) + FlatMargin;
        var peaks = $"at most {third / Mebibyte:n0} MiB in the third quarter, {last / Mebibyte:n0} MiB in the last";
        Say($"              {peaks}: {(flat ? "flat" : "NOT flat")}");
        Require(flat, $"the memory of DevHost grows: {peaks}");
    }

    private async Task<IReadOnlyCollection<Attempt>> ShutDownUnderLoadAsync(ChildProcess devHost, Uri url)
    {
        Say($"Shutdown under load, {options.Concurrency} at a time");
        using var sender = new Sender(url, "stop", options.Concurrency);
        var sending = sender.SendAsync();
        while (sender.Ended < SendsBeforeShutdown && !sending.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        var before = sender.Ended;
        var startedAt = TimeProvider.System.GetTimestamp();
        try
        {
            var exitCode = await devHost.TerminateAsync(ShutdownPatience);
            Say($"  ended       {TimeProvider.System.GetElapsedTime(startedAt).TotalMilliseconds:n0} ms after SIGTERM, exit code {exitCode}");
            Require(exitCode == 0, $"DevHost ended with exit code {exitCode}");
        }
        catch (TimeoutException)
        {
            Require(false, $"DevHost had not ended {ShutdownPatience.TotalSeconds} seconds after SIGTERM");
            await devHost.DisposeAsync();
        }

        var attempts = await sending;
        Say($"  requests    {before:n0} ended before SIGTERM, {attempts.Count - before:n0} after it:");
        foreach (var end in attempts.Skip(before).CountBy(attempt => attempt.End))
        {
            Say($"              {end.Value:n0} {end.Key}");
        }

        violations.AddRange(attempts
            .Where(attempt => attempt.Status is not (null or Attempt.Created or Attempt.Unavailable))
            .Select(attempt => $"{attempt.CenId}: {attempt.End}"));
        return attempts;
    }

    /// <summary>Waits until no send stands as under way.</summary>
    private async Task SettledAsync(Uri url)
    {
        using var ledger = new Ledger(stage.SimulatorUrl, url);
        var startedAt = TimeProvider.System.GetTimestamp();
        while ((await ledger.VerificationsAsync("state=sending")).Count > 0 && TimeProvider.System.GetElapsedTime(startedAt) < SweepPatience)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private async Task AccountAsync(IReadOnlyCollection<Attempt> attempts, Uri url)
    {
        using var ledger = new Ledger(stage.SimulatorUrl, url);
        var verifications = await ledger.VerificationsAsync();
        var emails = await ledger.EmailsAsync();
        var states = verifications.CountBy(verification => verification.State).Select(state => $"{state.Value:n0} {state.Key}");
        Say($"  answers     {attempts.Count(attempt => attempt.Status == Attempt.Created):n0} of 201 in all");
        Say($"  on record   {verifications.Count:n0}: {string.Join(", ", states)}");
        Say($"  e-mails     {emails.Count:n0}");
        violations.AddRange(Accounts.Violations(attempts, verifications, emails));
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            violations.Add(otherwise);
        }
    }

    private static void Say(string line) => Console.WriteLine(line);
}
