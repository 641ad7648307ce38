using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Stores verifications. A write is durable when its task has completed. Every change is a compare-and-swap: it names
/// the version that it is based on, and conflicts if another writer was first. A write that throws may be stored
/// nevertheless. Writes take no cancellation token, so that a caller that disconnects never causes such a write. Every
/// method throws <see cref="StoreUnavailableException"/> if the store is unavailable.
/// </summary>
public interface IVerificationStore
{
    /// <summary>The kind of store and its location, for operators.</summary>
    string Description { get; }

    /// <summary>
    /// The UTC time that all instances share: the clock of the table's server, or of this machine if the store is a
    /// file.
    /// </summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>How far the clock of this machine is ahead of <see cref="UtcNow"/>; negative if it is behind.</summary>
    TimeSpan ClockDifference { get; }

    /// <summary>Throws if the store is unavailable.</summary>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>Writes a verification, and the records that change with it, in one transaction.</summary>
    /// <returns>
    /// A conflict if the stored version is not the version of the write, if another verification is open for the
    /// target, or if the reference of a new verification is taken.
    /// </returns>
    Task<WriteResult> WriteAsync(StoreWrite write);

    /// <summary>Reads a verification; null if no verification has the id.</summary>
    /// <exception cref="UnreadableRecordException">The record was written by a newer version of the app.</exception>
    Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Reads the state of a target: its open verification, and the time of its latest e-mail.</summary>
    /// <exception cref="UnreadableRecordException">
    /// The open verification was written by a newer version of the app.
    /// </exception>
    Task<TargetState> GetTargetAsync(CenTarget target, CancellationToken cancellationToken);

    /// <summary>Reads the number of codes that were sent to an owner in the last hour.</summary>
    /// <param name="owner">The owner; null for the account of the access key.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<OwnerSends> GetOwnerSendsAsync(AccountId? owner, CancellationToken cancellationToken);

    /// <summary>
    /// Finds verifications by the first digits of their reference: open ones, and those closed in the last two days.
    /// </summary>
    /// <param name="prefix">Lower-case hexadecimal digits, from one to all of <see cref="Verification.Ref"/>.</param>
    /// <param name="limit">The most verifications to return.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<StoredVerification>> FindByRefAsync(
        string prefix, int limit, CancellationToken cancellationToken);

    /// <summary>Lists verifications, oldest first. A list of open ones reads no closed ones.</summary>
    Task<IReadOnlyList<StoredVerification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Lists current verifications, oldest first: open ones, and those that failed in the last two days. The cost does
    /// not grow with the history.
    /// </summary>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="limit">The most verifications to return.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<StoredVerification>> ListCurrentAsync(
        Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>Finds an idempotency key by its hash.</summary>
    Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the response to a request, for its repeats. Does nothing if a response is stored already, or if the key
    /// belongs to another request.
    /// </summary>
    Task SaveResponseAsync(IdempotencyKey key, string response);

    /// <summary>Reads a marker, a short string that all instances share; null if it is not set.</summary>
    /// <param name="name">Letters, digits, hyphens and underscores.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<string?> GetMarkerAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets or replaces a marker; null removes it.</summary>
    Task SetMarkerAsync(string name, string? value, CancellationToken cancellationToken);

    /// <summary>
    /// Removes old idempotency keys, references of closed verifications, cooldowns of targets, and closed
    /// verifications. Finishes the move of a closed verification that a crash interrupted. Safe to run on several
    /// instances at once.
    /// </summary>
    /// <param name="keysBefore">The time before which keys, references and cooldowns are removed.</param>
    /// <param name="closedBefore">
    /// The time of closing before which verifications are removed; null to keep them.
    /// </param>
    /// <param name="cancellationToken">Cancels the rest.</param>
    Task CleanUpAsync(DateTimeOffset keysBefore, DateTimeOffset? closedBefore, CancellationToken cancellationToken);
}

/// <summary>The content of one transaction.</summary>
/// <param name="Verification">The verification; new if it has no version.</param>
/// <param name="Key">
/// The idempotency key of the request. It is new if it has no version; otherwise it now refers to this verification.
/// </param>
/// <param name="Target">The state of the target that a new verification is based on; null if none is stored.</param>
/// <param name="Owner">The sends to the owner, including this one.</param>
public sealed record StoreWrite(
    Verification Verification, IdempotencyEntry? Key = null, TargetState? Target = null, OwnerSends? Owner = null);

/// <summary>The result of a write.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>The write is durable.</summary>
    /// <param name="Verification">The verification as stored, with its new version.</param>
    public sealed record Written(Verification Verification) : WriteResult;

    /// <summary>Another writer was first; nothing was written.</summary>
    public sealed record Conflict : WriteResult;
}

/// <summary>The state of a target.</summary>
/// <param name="Open">The open verification; null if there is none.</param>
/// <param name="LastId">The verification that was closed last; null if none was closed lately.</param>
/// <param name="LastMailAt">
/// The time of the latest e-mail that may have been sent; null if it was long ago, or if a verification is open.
/// </param>
/// <param name="Version">The store's version of the state; null if none is stored.</param>
public sealed record TargetState(
    Verification? Open = null, Guid? LastId = null, DateTimeOffset? LastMailAt = null, string? Version = null);

/// <summary>A verification in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Verification">Null if the record is unreadable for this version of the app.</param>
public readonly record struct StoredVerification(Guid Id, Verification? Verification);

/// <summary>A record was written by a newer version of the app, or is corrupt.</summary>
/// <param name="id">The verification.</param>
/// <param name="inner">The cause.</param>
public sealed class UnreadableRecordException(Guid id, Exception inner)
    : Exception(
        $"The record of verification {id} is unreadable: it was written by a newer version of the app, or is corrupt.",
        inner)
{
    public Guid Id => id;
}

/// <summary>The store is unavailable. A write that throws this may be stored nevertheless.</summary>
/// <param name="message">The message, for the log.</param>
/// <param name="inner">The exception of the client of the store.</param>
public class StoreUnavailableException(string message, Exception inner) : Exception(message, inner)
{
    public StoreUnavailableException(Exception inner)
        : this("The store of verifications is unavailable; try again later.", inner)
    {
    }
}

/// <summary>The verifications to list.</summary>
/// <param name="States">The states; null for all.</param>
/// <param name="RegionId">The region; null for all.</param>
/// <param name="CreatedBefore">The time before which they were created; null for all.</param>
/// <param name="After">The last id of the page before; null for the first page.</param>
/// <param name="Limit">The most verifications to return.</param>
public sealed record VerificationQuery(
    IReadOnlyList<VerificationState>? States, string? RegionId, DateTimeOffset? CreatedBefore, Guid? After, int Limit)
{
    /// <summary>
    /// Whether only open states are requested. A record whose state only a newer version of the app knows may be open,
    /// so it is listed too.
    /// </summary>
    public bool IsOpenOnly => States?.All(state => state.IsOpen()) == true;

    /// <summary>The states that are not requested.</summary>
    internal IEnumerable<VerificationState> OtherStates => Enum.GetValues<VerificationState>().Except(States ?? []);
}
