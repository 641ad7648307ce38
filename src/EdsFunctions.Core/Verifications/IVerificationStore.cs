using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Where verifications are kept. A write is durable when its task has ended. Every change is a compare-and-swap: it names the version
/// it is based on and fails where another writer was first.
/// </summary>
public interface IVerificationStore
{
    /// <summary>Where that is, in a few words for the operator.</summary>
    string Description { get; }

    /// <summary>Fails, with a message for the operator, where the store cannot be used now.</summary>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>Records a new open verification, and with it the idempotency key of its request.</summary>
    /// <returns>A conflict where another verification is open for its target, or with its reference.</returns>
    Task<WriteResult> CreateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken);

    /// <summary>Records a change, and with it the idempotency key of the request that caused it.</summary>
    /// <returns>A conflict where the stored version is not the one that the change is based on.</returns>
    Task<WriteResult> UpdateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken);

    Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The open verification of a target; there is at most one.</summary>
    Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken);

    /// <summary>The open verifications whose reference begins with some digits, by their references.</summary>
    /// <param name="prefix">Lower-case hexadecimal digits, from one to all of <see cref="Verification.Ref"/>.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Verification>> FindOpenByRefAsync(string prefix, int limit, CancellationToken cancellationToken);

    /// <summary>Verifications by the order of their ids, oldest first.</summary>
    Task<IReadOnlyList<Verification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Open verifications that wait since a time or longer, by the order of their ids, oldest first. The cost grows with those that
    /// were created by that time, which are hardly more, and not with all that are open.
    /// </summary>
    /// <param name="since">The latest <see cref="Verification.WaitingSince"/> to be listed.</param>
    /// <param name="after">With an id behind this one, to page on; null from the start.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Verification>> ListWaitingAsync(
        DateTimeOffset since, Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>Verifications whose send began at a time or earlier and has no answer yet.</summary>
    Task<IReadOnlyList<Verification>> ListSendingAsync(DateTimeOffset startedBefore, int limit, CancellationToken cancellationToken);

    /// <summary>What is known of an idempotency key by its hash.</summary>
    Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Keeps the answer that a request got, for its repeats. The first one stays.</summary>
    Task SaveAnswerAsync(string hash, string answer, CancellationToken cancellationToken);

    /// <summary>A short text that outlives the process and that all instances share; null where there is none.</summary>
    /// <param name="name">Letters, digits, hyphens and underscores.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<string?> GetNoteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Keeps such a text in place of the one before; null removes it.</summary>
    Task SetNoteAsync(string name, string? value, CancellationToken cancellationToken);

    /// <summary>Removes keys that were recorded before a time, and finishes what a crash left half done.</summary>
    Task TidyAsync(DateTimeOffset keysCreatedBefore, CancellationToken cancellationToken);
}

/// <summary>How a write to the store ended.</summary>
public abstract record WriteResult
{
    /// <summary>It is durable.</summary>
    /// <param name="Verification">As stored, with its new version.</param>
    public sealed record Written(Verification Verification) : WriteResult;

    /// <summary>Another writer was first; nothing was written. Read again.</summary>
    public sealed record Conflict : WriteResult;

    /// <summary>The idempotency key is taken; nothing was written.</summary>
    public sealed record KeyTaken : WriteResult;
}

/// <summary>Which verifications to list.</summary>
/// <param name="States">In one of these states; null for all.</param>
/// <param name="RegionId">In this region; null for all.</param>
/// <param name="CreatedBefore">Created before this time; null for all.</param>
/// <param name="After">With an id behind this one, to page on; null from the start.</param>
/// <param name="Limit">How many at most.</param>
public sealed record VerificationQuery(
    IReadOnlyList<VerificationState>? States, string? RegionId, DateTimeOffset? CreatedBefore, Guid? After, int Limit);

/// <summary>Reads lists of the store page by page.</summary>
internal static class VerificationPages
{
    public const int Size = 200;

    /// <summary>Open verifications that wait since a time or longer, oldest first.</summary>
    public static IAsyncEnumerable<Verification> WaitingAsync(
        this IVerificationStore store, DateTimeOffset since, CancellationToken cancellationToken) =>
        ReadAsync(after => store.ListWaitingAsync(since, after, Size, cancellationToken));

    /// <summary>Open verifications of a region, or of all where it is null, oldest first.</summary>
    public static IAsyncEnumerable<Verification> OpenAsync(
        this IVerificationStore store, string? regionId, CancellationToken cancellationToken) =>
        ReadAsync(after => store.ListAsync(
            new VerificationQuery(VerificationStates.Open, regionId, null, after, Size), cancellationToken));

    private static async IAsyncEnumerable<Verification> ReadAsync(Func<Guid?, Task<IReadOnlyList<Verification>>> readAfter)
    {
        Guid? after = null;
        IReadOnlyList<Verification> page;
        do
        {
            page = await readAfter(after);
            foreach (var verification in page)
            {
                yield return verification;
                after = verification.Id;
            }
        }
        while (page.Count == Size);
    }
}
