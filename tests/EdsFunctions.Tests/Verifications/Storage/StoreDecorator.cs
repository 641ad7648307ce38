using System.Runtime.CompilerServices;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A store with a hook around each call, in which a test lets it fail, crash, or wait.</summary>
/// <param name="store">The store.</param>
/// <param name="around">Gets the name of the method and the call; it makes the call, or throws.</param>
internal sealed class StoreDecorator(IVerificationStore store, Func<string, Func<Task>, Task> around) : IVerificationStore
{
    public string Description => store.Description;

    public Task CheckAsync(CancellationToken cancellationToken) => AroundAsync(() => store.CheckAsync(cancellationToken));

    public Task<WriteResult> CreateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        AroundAsync(() => store.CreateAsync(verification, key, cancellationToken));

    public Task<WriteResult> UpdateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        AroundAsync(() => store.UpdateAsync(verification, key, cancellationToken));

    public Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        AroundAsync(() => store.GetAsync(id, cancellationToken));

    public Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken) =>
        AroundAsync(() => store.FindOpenAsync(target, cancellationToken));

    public Task<IReadOnlyList<Verification>> FindOpenByRefAsync(string prefix, int limit, CancellationToken cancellationToken) =>
        AroundAsync(() => store.FindOpenByRefAsync(prefix, limit, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken) =>
        AroundAsync(() => store.ListAsync(query, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListWaitingAsync(
        DateTimeOffset since, Guid? after, int limit, CancellationToken cancellationToken) =>
        AroundAsync(() => store.ListWaitingAsync(since, after, limit, cancellationToken));

    public Task<IReadOnlyList<Verification>> ListSendingAsync(
        DateTimeOffset startedBefore, int limit, CancellationToken cancellationToken) =>
        AroundAsync(() => store.ListSendingAsync(startedBefore, limit, cancellationToken));

    public Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        AroundAsync(() => store.FindKeyAsync(hash, cancellationToken));

    public Task SaveAnswerAsync(string hash, string answer, CancellationToken cancellationToken) =>
        AroundAsync(() => store.SaveAnswerAsync(hash, answer, cancellationToken));

    public Task<string?> GetNoteAsync(string name, CancellationToken cancellationToken) =>
        AroundAsync(() => store.GetNoteAsync(name, cancellationToken));

    public Task SetNoteAsync(string name, string? value, CancellationToken cancellationToken) =>
        AroundAsync(() => store.SetNoteAsync(name, value, cancellationToken));

    public Task TidyAsync(DateTimeOffset keysCreatedBefore, CancellationToken cancellationToken) =>
        AroundAsync(() => store.TidyAsync(keysCreatedBefore, cancellationToken));

    private Task AroundAsync(Func<Task> call, [CallerMemberName] string method = "") => around(method, call);

    private async Task<T> AroundAsync<T>(Func<Task<T>> call, [CallerMemberName] string method = "")
    {
        Task<T>? task = null;
        await around(method, () => task = call());
        return await task!;
    }
}
