using Azure;
using Azure.Identity;
using EdsFunctions.Core.Alibaba;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Where verifications are kept. A write is durable when its task has completed. Every change is a compare-and-swap: it names the
/// version it is based on and fails if another writer was first. A write that throws may have been stored all the same; writes take
/// no cancellation token, so that no caller's disconnect makes that happen.
/// </summary>
public interface IVerificationStore
{
    /// <summary>Where that is, in a few words for the operator.</summary>
    string Description { get; }

    /// <summary>The time that all instances share: the server's, or the machine's if the store is a file. UTC.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>How far the clock of this machine is ahead of <see cref="UtcNow"/>.</summary>
    TimeSpan ClockDifference { get; }

    /// <summary>Fails, with a message for the operator, if the store cannot be used now.</summary>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>Records a new verification, or a change of one, and with it all that has to change in the same transaction.</summary>
    /// <returns>
    /// A conflict if the stored version is not the one that the change is based on, or if another verification is open for the target
    /// or has the reference of a new one.
    /// </returns>
    Task<WriteResult> WriteAsync(StoreWrite write);

    /// <summary>A verification by its id.</summary>
    /// <exception cref="UnreadableRecordException">It was written by a newer version of the app.</exception>
    Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What is recorded of a target: the open verification, and when it last got an e-mail.</summary>
    /// <exception cref="UnreadableRecordException">The open verification was written by a newer version of the app.</exception>
    Task<TargetState> GetTargetAsync(CenTarget target, CancellationToken cancellationToken);

    /// <summary>How many codes were sent to an owner lately.</summary>
    /// <param name="owner">The owner; null for the account of the access key.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<OwnerSends> GetOwnerSendsAsync(AccountId? owner, CancellationToken cancellationToken);

    /// <summary>The verifications whose reference begins with some digits: open ones, and those closed in the last two days.</summary>
    /// <param name="prefix">Lower-case hexadecimal digits, from one to all of <see cref="Verification.Ref"/>.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<StoredVerification>> FindByRefAsync(string prefix, int limit, CancellationToken cancellationToken);

    /// <summary>Verifications by the order of their ids, oldest first. A list of open ones reads no closed ones.</summary>
    Task<IReadOnlyList<StoredVerification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Current verifications, by the order of their ids, oldest first: open ones, and those that failed in the last two days. The cost
    /// grows with those, and not with the history.
    /// </summary>
    /// <param name="after">With an id behind this one, to page on; null from the start.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<StoredVerification>> ListCurrentAsync(Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>What is known of an idempotency key by its hash.</summary>
    Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Keeps the response that a request got, for its repeats. The first one stays.</summary>
    Task SaveResponseAsync(string hash, string answer);

    /// <summary>A short text that outlives the process and that all instances share; null if there is none.</summary>
    /// <param name="name">Letters, digits, hyphens and underscores.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<string?> GetMarkerAsync(string name, CancellationToken cancellationToken);

    /// <summary>Keeps such a text in place of the one before; null removes it.</summary>
    Task SetMarkerAsync(string name, string? value, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what is no longer needed: idempotency keys, references of closed verifications and the cooldowns of targets that are
    /// older than a time, and closed verifications that are older than another. Finishes what a crash left half done. Safe to run on
    /// two instances at once.
    /// </summary>
    /// <param name="keysBefore">Keys, references and cooldowns from before this time are removed.</param>
    /// <param name="closedBefore">Verifications that were closed before this time are removed; null for none.</param>
    /// <param name="cancellationToken">Cancels the rest.</param>
    Task CleanUpAsync(DateTimeOffset keysBefore, DateTimeOffset? closedBefore, CancellationToken cancellationToken);
}

/// <summary>What is written in one transaction.</summary>
/// <param name="Verification">The verification; new if it has no version.</param>
/// <param name="Key">The idempotency key of the request: new if it has no version, or moved to this verification.</param>
/// <param name="Target">The state of the target that a new verification is based on; null if nothing is known of it.</param>
/// <param name="Owner">The sends to the owner, this one included.</param>
public sealed record StoreWrite(
    Verification Verification, IdempotencyEntry? Key = null, TargetState? Target = null, OwnerSends? Owner = null);

/// <summary>How a write to the store ended.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>It is durable.</summary>
    /// <param name="Verification">As stored, with its new version.</param>
    public sealed record Written(Verification Verification) : WriteResult;

    /// <summary>Another writer was first; nothing was written. Read again.</summary>
    public sealed record Conflict : WriteResult;
}

/// <summary>What is recorded of a target.</summary>
/// <param name="Open">The open verification; there is at most one.</param>
/// <param name="LastId">The verification that was closed last; null if that is long ago.</param>
/// <param name="LastMailAt">When the target may last have got an e-mail; null if that is long ago, or if one is open.</param>
/// <param name="Version">The store's mark of this state; null if there is none.</param>
public sealed record TargetState(
    Verification? Open = null, Guid? LastId = null, DateTimeOffset? LastMailAt = null, string? Version = null);

/// <summary>A verification of a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Verification">Null if this version of the app cannot read the record.</param>
public readonly record struct StoredVerification(Guid Id, Verification? Verification);

/// <summary>A record was written by a newer version of the app, or is damaged.</summary>
/// <param name="id">The verification.</param>
/// <param name="inner">What is wrong with it.</param>
public sealed class UnreadableRecordException(Guid id, Exception inner)
    : Exception($"The record of verification {id} cannot be read by this version of the app.", inner)
{
    public Guid Id => id;
}

/// <summary>The store cannot be used now, and nothing was sent to Alibaba.</summary>
public sealed class StoreUnavailableException(Exception inner) : Exception("The store of verifications is unavailable.", inner)
{
    /// <summary>Whether an exception of a request comes from the store: the clients of the stores throw all of these.</summary>
    internal static bool IsCause(Exception e) => e is StoreUnavailableException or UncertainWriteException
        or RequestFailedException or AuthenticationFailedException or SqliteException or IOException or OperationCanceledException
        || (e as AggregateException)?.InnerExceptions.All(IsCause) == true;
}

/// <summary>Which verifications to list.</summary>
/// <param name="States">In one of these states; null for all.</param>
/// <param name="RegionId">In this region; null for all.</param>
/// <param name="CreatedBefore">Created before this time; null for all.</param>
/// <param name="After">With an id behind this one, to page on; null from the start.</param>
/// <param name="Limit">How many at most.</param>
public sealed record VerificationQuery(
    IReadOnlyList<VerificationState>? States, string? RegionId, DateTimeOffset? CreatedBefore, Guid? After, int Limit)
{
    /// <summary>
    /// Whether only open verifications are asked for. Records in a state that this version does not know may be open, and
    /// are listed too.
    /// </summary>
    public bool IsOpenOnly => States?.All(state => state.IsOpen()) == true;

    /// <summary>The states that are not asked for.</summary>
    internal IEnumerable<VerificationState> OtherStates => Enum.GetValues<VerificationState>().Except(States ?? []);
}

/// <summary>
/// Reads all current verifications page by page: open ones, and those that failed in the last two days, oldest first.
/// </summary>
internal static class CurrentVerifications
{
    private const int PageSize = 200;

    /// <summary>Without the records that cannot be read.</summary>
    public static async Task<IReadOnlyList<Verification>> ReadCurrentAsync(
        this IVerificationStore store, CancellationToken cancellationToken) =>
    [
        .. (await store.ListAllCurrentAsync(cancellationToken))
            .Select(stored => stored.Verification).OfType<Verification>(),
    ];

    public static async Task<IReadOnlyList<StoredVerification>> ListAllCurrentAsync(
        this IVerificationStore store, CancellationToken cancellationToken)
    {
        var current = new List<StoredVerification>();
        IReadOnlyList<StoredVerification> page;
        do
        {
            page = await store.ListCurrentAsync(current.Count > 0 ? current[^1].Id : null, PageSize, cancellationToken);
            current.AddRange(page);
        }
        while (page.Count == PageSize);

        return current;
    }
}
