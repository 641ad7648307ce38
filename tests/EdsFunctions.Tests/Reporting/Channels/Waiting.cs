namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>Verifications that wait, on record without a send.</summary>
internal static class Waiting
{
    /// <summary>Records one whose owner has an e-mail since now.</summary>
    public static async Task<Verification> RecordPendingAsync(this EdsApp app, VerificationBuilder? builder = null, Guid? id = null)
    {
        var now = app.Time.GetUtcNow();
        var pending = (builder ?? A.Verification).Record(now).Settle(1, new EcdOutcome.Accepted("R-1"), now);
        var written = await app.Store.CreateAsync(
            pending with { Id = id ?? pending.Id }, key: null, TestContext.Current.CancellationToken);
        return Assert.IsType<WriteResult.Written>(written).Verification;
    }

    /// <summary>Records some, a second apart, so that their order is known.</summary>
    public static async Task<IReadOnlyList<Verification>> RecordPendingAsync(this EdsApp app, int count)
    {
        var recorded = new List<Verification>();
        for (var i = 0; i < count; i++)
        {
            recorded.Add(await app.RecordPendingAsync());
            app.Time.Advance(TimeSpan.FromSeconds(1));
        }

        return recorded;
    }

    /// <summary>The record as it is now.</summary>
    public static async Task<Verification> ReadAsync(this EdsApp app, Verification verification) =>
        Assert.IsType<Verification>(await app.Store.GetAsync(verification.Id, TestContext.Current.CancellationToken));
}
