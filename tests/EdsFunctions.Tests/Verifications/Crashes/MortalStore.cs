namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>A store of a process that may die before and after each thing that it does there.</summary>
internal sealed class MortalStore(IVerificationStore store, Lifeline life) : IVerificationStore
{
    public string Description => store.Description;

    public Task CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);

    public Task<WriteResult> CreateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.CreateAsync(verification, key, cancellationToken));

    public Task<WriteResult> UpdateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.UpdateAsync(verification, key, cancellationToken));

    public Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.GetAsync(id, cancellationToken));

    public Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.FindOpenAsync(target, cancellationToken));

    public Task<IReadOnlyList<Verification>> FindOpenByRefAsync(string prefix, int limit, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.FindOpenByRefAsync(prefix, limit, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.ListAsync(query, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListWaitingAsync(
        DateTimeOffset since, Guid? after, int limit, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.ListWaitingAsync(since, after, limit, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListSendingAsync(
        DateTimeOffset startedBefore, int limit, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.ListSendingAsync(startedBefore, limit, cancellationToken));

    public Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.FindKeyAsync(hash, cancellationToken));

    public Task SaveAnswerAsync(string hash, string answer, CancellationToken cancellationToken) =>
        BetweenPoints(async () =>
        {
            await store.SaveAnswerAsync(hash, answer, cancellationToken);
            return true;
        });

    public Task<string?> GetNoteAsync(string name, CancellationToken cancellationToken) =>
        BetweenPoints(() => store.GetNoteAsync(name, cancellationToken));

    public Task SetNoteAsync(string name, string? value, CancellationToken cancellationToken) =>
        BetweenPoints(async () =>
        {
            await store.SetNoteAsync(name, value, cancellationToken);
            return true;
        });

    public Task TidyAsync(DateTimeOffset keysCreatedBefore, CancellationToken cancellationToken) =>
        BetweenPoints(async () =>
        {
            await store.TidyAsync(keysCreatedBefore, cancellationToken);
            return true;
        });

    private async Task<T> BetweenPoints<T>(Func<Task<T>> work)
    {
        life.Point();
        var result = await work();
        life.Point();
        return result;
    }
}
