using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Benchmarks.Micro;

/// <summary>The question of the report: which of the open ones wait longer than 30 minutes. A hundred do.</summary>
internal static class StaleQuery
{
    private const int Stale = 100;
    private const int PageSize = 200;

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Threshold = TimeSpan.FromMinutes(30);

    /// <summary>Fills a store.</summary>
    /// <param name="store">An empty one.</param>
    /// <param name="open">How many are open in all.</param>
    /// <param name="resent">How many of them are as old as the stale ones, and were sent anew just now.</param>
    public static async Task FillAsync(IVerificationStore store, int open, int resent)
    {
        var old = Now - (2 * Threshold);
        await Filling.FillAsync(store, Stale, i => Filling.PendingSince(old.AddSeconds(i)));
        await Filling.FillAsync(
            store, resent, i => Filling.PendingSince(old.AddSeconds(i)) with { SendStartedAt = Now, WaitingSince = Now });
        // The others came in the last 20 minutes.
        await Filling.FillAsync(store, open - Stale - resent, i => Filling.PendingSince(Now.AddSeconds(-i % 1200)));
    }

    /// <summary>Asks it.</summary>
    /// <exception cref="InvalidOperationException">The answer is wrong.</exception>
    public static async Task<int> AskAsync(IVerificationStore store)
    {
        var page = await store.ListWaitingAsync(Now - Threshold, after: null, PageSize, CancellationToken.None);
        return page.Count == Stale ? page.Count : throw new InvalidOperationException($"{page.Count} are said to be stale.");
    }
}
