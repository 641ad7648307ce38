namespace EdsFunctions.Tests.Verifications.Storage;

public sealed class TableCleanUpTests(Azurite azurite) : CleanUpTests(new TableStores(azurite))
{
    /// <summary>
    /// A repeat of a request that sent nothing uses the idempotency key while a clean-up removes the old key.
    /// </summary>
    [Fact]
    public async Task CleanUp_KeyIsUsedAgainMeanwhile_KeepsItAndRemovesTheOthers()
    {
        var store = Stores.Open();
        var first = A.Verification.Record(VerificationBuilder.Noon);
        var (used, unused) = (IdempotencyKey.Create("used", "x"), IdempotencyKey.Create("unused", "x"));
        var notSent = new EcdFailure.NotSent("no connection");
        await store.WriteAsync(first.ApplyOutcome(1, notSent, first.CreatedAt), IdempotencyEntry.Create(used, first));
        var other = A.Verification.Record(VerificationBuilder.Noon);
        await store.WriteAsync(other.ApplyOutcome(1, notSent, other.CreatedAt), IdempotencyEntry.Create(unused, other));
        var known = await store.FindKeyAsync(used.Hash, Cancel);
        var again = A.Verification.Record(VerificationBuilder.Noon.AddDays(10));
        var cleaner = Stores.Open(async (path, request) =>
        {
            if (path.Contains(used.Hash, StringComparison.Ordinal))
            {
                await store.WriteAsync(again, IdempotencyEntry.Create(used, again) with { Version = known!.Version });
            }

            await request();
        });

        await cleaner.CleanUpAsync(VerificationBuilder.Noon.AddDays(8), closedBefore: null, Cancel);

        Assert.Equal(again.Id, (await store.FindKeyAsync(used.Hash, Cancel))?.VerificationId);
        Assert.Null(await store.FindKeyAsync(unused.Hash, Cancel));
    }
}
