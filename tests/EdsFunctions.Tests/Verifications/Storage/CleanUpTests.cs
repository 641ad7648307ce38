namespace EdsFunctions.Tests.Verifications.Storage;

public sealed class SqliteCleanUpTests() : CleanUpTests(new SqliteStores());

/// <summary>Tests of the clean-up, which run on every store.</summary>
public abstract class CleanUpTests(TestStores stores) : StoresTest(stores)
{
    private static readonly DateTimeOffset Noon = VerificationBuilder.Noon;

    public override ValueTask InitializeAsync()
    {
        Stores.Time = new FakeTimeProvider(Noon.AddDays(10));
        return base.InitializeAsync();
    }

    [Fact]
    public async Task CleanUp_OnSeveralInstancesAtOnce_RemovesWhatIsOldAndThrowsOnNone()
    {
        var store = Stores.Open();
        var old = await WriteAsync(store, Noon, count: 40);
        var recent = await WriteAsync(store, Noon.AddDays(9), count: 10);
        var instances = Enumerable.Range(0, 4).Select(_ => Stores.Open()).ToList();

        await Task.WhenAll(
            instances.Select(one => Task.Run(() => one.CleanUpAsync(Noon.AddDays(8), Noon.AddDays(7), Cancel))));

        foreach (var (closed, key) in old)
        {
            Assert.Equal(
                (null, null), (await store.FindKeyAsync(key, Cancel), await store.GetAsync(closed.Id, Cancel)));
        }

        foreach (var (closed, key) in recent)
        {
            Assert.Equal(closed.Id, (await store.FindKeyAsync(key, Cancel))?.VerificationId);
            Assert.Equal(VerificationState.Cancelled, (await store.GetAsync(closed.Id, Cancel))?.State);
        }
    }

    [Fact]
    public async Task CleanUp_NoLimitForClosedOnes_KeepsThem()
    {
        var store = Stores.Open();
        var (closed, _) = Assert.Single(await WriteAsync(store, Noon, count: 1));

        await store.CleanUpAsync(Noon.AddDays(8), closedBefore: null, Cancel);

        Assert.Equal(VerificationState.Cancelled, (await store.GetAsync(closed.Id, Cancel))?.State);
    }

    /// <summary>
    /// Old verifications are deleted by the time at which they were closed, not by the time of their creation.
    /// </summary>
    [Fact]
    public async Task CleanUp_OldButOpenOrLatelyClosed_KeepsThem()
    {
        var store = Stores.Open();
        var open = await CreateAsync(store, A.Verification.Record(Noon), key: null);
        var late = await CreateAsync(store, A.Verification.Record(Noon), key: null);
        await store.WriteAsync(Cancelled(late, Noon.AddDays(9)));

        await store.CleanUpAsync(Noon.AddDays(8), Noon.AddDays(7), Cancel);

        Assert.Equal(open.Id, (await store.GetAsync(open.Id, Cancel))?.Id);
        Assert.Equal(VerificationState.Cancelled, (await store.GetAsync(late.Id, Cancel))?.State);
    }

    private static async Task<IReadOnlyList<(Verification Closed, string Key)>> WriteAsync(
        IVerificationStore store, DateTimeOffset at, int count)
    {
        var written = new List<(Verification, string)>();
        for (var i = 0; i < count; i++)
        {
            var verification = A.Verification.Record(at);
            var key = IdempotencyKey.Create($"{verification.Id}", "x");
            var created = await CreateAsync(store, verification, IdempotencyEntry.Create(key, verification));
            await store.WriteAsync(Cancelled(created, at));
            written.Add((created, key.Hash));
        }

        return written;
    }

    private static async Task<Verification> CreateAsync(
        IVerificationStore store, Verification verification, IdempotencyEntry? key) =>
        Assert.IsType<WriteResult.Written>(await store.WriteAsync(verification, key)).Verification;

    private static Verification Cancelled(Verification verification, DateTimeOffset at) =>
        verification with { State = VerificationState.Cancelled, ClosedAt = at };
}
