using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>The memory of a run does not grow with the number of verifications.</summary>
public sealed class HeldInMemoryTests
{
    private const int PageSize = 200;

    [Fact]
    public async Task Of_a_thousand_expired_verifications_only_a_few_pages_are_held()
    {
        await using var stores = new SqliteStores();
        // The clock of the app when its report runs.
        stores.Time = new FakeTimeProvider(VerificationBuilder.Noon.AddDays(7));
        var listed = new List<WeakReference>();
        var held = 0;
        var watched = stores.Open(async (method, call) =>
        {
            if (method == nameof(IVerificationStore.WriteAsync) && held == 0)
            {
                // The first write comes after all of them were listed.
                GC.Collect();
                held = listed.Count(one => one.IsAlive);
            }

            var called = call();
            await called;
            if (method == nameof(IVerificationStore.ListWaitingAsync))
            {
                listed.AddRange((await (Task<IReadOnlyList<StoredVerification>>)called).Select(one => new WeakReference(one.Verification)));
            }
        });
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops), services => services.AddSingleton(watched));
        await Task.WhenAll(Enumerable.Range(0, 5 * PageSize).Select(_ => Task.Run(() => app.RecordPendingAsync())));

        await app.RunReportAsync(TimeSpan.FromDays(7));

        Assert.Equal("Given up after 7 d 0 h without a code: 1000", Assert.Single(ops.Headlines));
        Assert.InRange(held, 1, 3 * PageSize);
    }
}
