namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>The store of one instance: it has a place to stop at each step, and waits for the real one on the thread of the stage.</summary>
internal sealed class StagedStore(Stage stage) : IVerificationStore
{
    /// <summary>The real one; another for each sequence.</summary>
    public IVerificationStore Real { get; set; } = null!;

    public string Description => Real.Description;

    public Task CheckAsync(CancellationToken cancellationToken) => Done(Real.CheckAsync(cancellationToken));

    public Task<WriteResult> CreateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        WriteAsync(() => Real.CreateAsync(verification, key, cancellationToken));

    public Task<WriteResult> UpdateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        WriteAsync(() => Real.UpdateAsync(verification, key, cancellationToken));

    public Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) => Done(Real.GetAsync(id, cancellationToken));

    public Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken) =>
        ReadAsync(() => Real.FindOpenAsync(target, cancellationToken));

    public Task<IReadOnlyList<Verification>> FindOpenByRefAsync(string prefix, int limit, CancellationToken cancellationToken) =>
        Done(Real.FindOpenByRefAsync(prefix, limit, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken) =>
        Done(Real.ListAsync(query, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListWaitingAsync(
        DateTimeOffset since, Guid? after, int limit, CancellationToken cancellationToken) =>
        Done(Real.ListWaitingAsync(since, after, limit, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListSendingAsync(
        DateTimeOffset startedBefore, int limit, CancellationToken cancellationToken) =>
        Done(Real.ListSendingAsync(startedBefore, limit, cancellationToken));

    public Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        ReadAsync(() => Real.FindKeyAsync(hash, cancellationToken));

    public Task SaveAnswerAsync(string hash, string answer, CancellationToken cancellationToken) =>
        BetweenPointsAsync(() => Real.SaveAnswerAsync(hash, answer, cancellationToken));

    public Task<string?> GetNoteAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(() => Real.GetNoteAsync(name, cancellationToken));

    public Task SetNoteAsync(string name, string? value, CancellationToken cancellationToken) =>
        BetweenPointsAsync(() => Real.SetNoteAsync(name, value, cancellationToken));

    public Task TidyAsync(DateTimeOffset keysCreatedBefore, CancellationToken cancellationToken) =>
        BetweenPointsAsync(() => Real.TidyAsync(keysCreatedBefore, cancellationToken));

    private async Task<WriteResult> WriteAsync(Func<Task<WriteResult>> write)
    {
        var operation = stage.Current;
        await operation.PassAsync(PointKind.BeforeWrite);
        var result = await Done(write());
        if (result is WriteResult.Written { Verification: var written })
        {
            stage.Written(written);
        }

        await operation.PassAsync(PointKind.AfterWrite);
        return result;
    }

    private async Task BetweenPointsAsync(Func<Task> write)
    {
        var operation = stage.Current;
        await operation.PassAsync(PointKind.BeforeWrite);
        await Done(write());
        await operation.PassAsync(PointKind.AfterWrite);
    }

    private async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        var operation = stage.Current;
        var result = await Done(read());
        await operation.PassAsync(PointKind.AfterRead);
        return result;
    }

    /// <summary>The thread of the stage has nothing else to do, and must not be left.</summary>
    private static T Done<T>(T task)
        where T : Task
    {
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        return task;
    }
}
