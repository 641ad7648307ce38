using System.Reflection;

namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>The memory of a run does not grow with the number of verifications.</summary>
public sealed class HeldInMemoryTests
{
    private const int PageSize = 200;

    [Fact]
    public async Task Of_a_thousand_expired_verifications_only_a_few_pages_are_held()
    {
        using var folder = new TemporaryFolder();
        using var store = new SqliteVerificationStore(folder.File("verifications.db"));
        var watched = WatchedStore.Of(store);
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops), services => services.AddSingleton(watched.Store));
        await Task.WhenAll(Enumerable.Range(0, 5 * PageSize).Select(_ => Task.Run(() => app.RecordPendingAsync())));

        await app.RunReportAsync(TimeSpan.FromDays(7));

        Assert.Equal("Given up after 7 d 0 h without a code: 1000", Assert.Single(ops.Headlines));
        Assert.InRange(watched.Watch.Held, 1, 3 * PageSize);
    }

    /// <summary>A store that watches what becomes of the records that it lists as waiting.</summary>
#pragma warning disable CA1852 // The proxy is made by deriving from it.
    private class WatchedStore : DispatchProxy
#pragma warning restore CA1852
    {
        private readonly List<WeakReference> listed = [];
        private IVerificationStore store = null!;

        /// <summary>How many of them were still held when something was written for the first time.</summary>
        public int Held { get; private set; }

        public static (IVerificationStore Store, WatchedStore Watch) Of(IVerificationStore store)
        {
            var proxy = Create<IVerificationStore, WatchedStore>();
            var watch = (WatchedStore)(object)proxy;
            watch.store = store;
            return (proxy, watch);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IVerificationStore.UpdateAsync) && Held == 0)
            {
                GC.Collect();
                Held = listed.Count(one => one.IsAlive);
            }

            var result = targetMethod.Invoke(store, args);
            if (targetMethod.Name == nameof(IVerificationStore.ListWaitingAsync))
            {
                listed.AddRange(((Task<IReadOnlyList<Verification>>)result!).Result.Select(one => new WeakReference(one)));
            }

            return result;
        }
    }
}
