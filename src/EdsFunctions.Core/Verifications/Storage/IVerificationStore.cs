using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// A store of verifications. A write is durable when its task has completed. Every write is a compare-and-swap: it
/// names the version of the record that it is based on, and conflicts if another writer has changed the record. A write
/// that throws may be stored nevertheless. A write takes no cancellation token, so that a caller who disconnects does
/// not interrupt it. Every method throws <see cref="StoreUnavailableException"/> if the store is unavailable.
/// </summary>
public interface IVerificationStore
{
    /// <summary>The kind of store and its location, for operators.</summary>
    string Description { get; }

    /// <summary>
    /// The UTC time that all instances of the app share: the clock of the table's server or, if the store is a file, of
    /// this machine.
    /// </summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>How far the clock of this machine is ahead of <see cref="UtcNow"/>; negative if it is behind.</summary>
    TimeSpan ClockDifference { get; }

    /// <summary>Throws if the store is unavailable.</summary>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>Writes a verification, and the other records that change with it, in one transaction.</summary>
    /// <returns>
    /// A conflict if another writer has changed one of the records, if another verification is open for the target, or
    /// if another open verification has the reference of a new one.
    /// </returns>
    Task<WriteResult> WriteAsync(StoreWrite write);

    /// <summary>Reads a verification; null if no verification has the id.</summary>
    /// <exception cref="UnreadableRecordException">The record was written by a newer version of the app.</exception>
    Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the state of a target: the open verification, and the time of the latest e-mail to the target.
    /// </summary>
    /// <exception cref="UnreadableRecordException">
    /// The open verification was written by a newer version of the app.
    /// </exception>
    Task<TargetState> GetTargetAsync(CenTarget target, CancellationToken cancellationToken);

    /// <summary>Reads the number of codes that were sent to an owner in the last hour.</summary>
    /// <param name="owner">The owner; null for the account of the access key.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<OwnerSends> GetOwnerSendsAsync(AccountId? owner, CancellationToken cancellationToken);

    /// <summary>
    /// Finds verifications by the first digits of their reference: open verifications, and those that were closed in
    /// the last two days.
    /// </summary>
    /// <param name="prefix">Lower-case hexadecimal digits, from one to all of <see cref="Verification.Ref"/>.</param>
    /// <param name="limit">The most verifications to return.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<StoredVerification>> FindByRefAsync(
        string prefix, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Lists verifications, oldest first. A list of open verifications does not read closed ones, so it is fast.
    /// </summary>
    Task<IReadOnlyList<StoredVerification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Lists current verifications, oldest first: open verifications, and those that failed in the last two days. The
    /// cost does not grow with the number of closed verifications.
    /// </summary>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="limit">The most verifications to return.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<IReadOnlyList<StoredVerification>> ListCurrentAsync(
        Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>Finds an idempotency key by its hash.</summary>
    Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the response to a request under its idempotency key, so that a repeat gets the same response. Does
    /// nothing if the key already has a response, or belongs to another request.
    /// </summary>
    Task SaveResponseAsync(IdempotencyKey key, string response);

    /// <summary>
    /// Reads a marker: a short string that all instances of the app share. Null if the marker is not set.
    /// </summary>
    /// <param name="name">Letters, digits, hyphens and underscores.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<string?> GetMarkerAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets or replaces a marker. The value null removes the marker.</summary>
    Task SetMarkerAsync(string name, string? value, CancellationToken cancellationToken);

    /// <summary>
    /// Removes old records: idempotency keys, references of closed verifications, cooldowns of targets, and closed
    /// verifications. If a crash has interrupted the move of a closed verification, finishes the move. Several
    /// instances may do this at the same time.
    /// </summary>
    /// <param name="keysBefore">The time before which keys, references and cooldowns are removed.</param>
    /// <param name="closedBefore">Removes verifications that were closed before this time; null to keep all.</param>
    /// <param name="cancellationToken">Cancels the rest of the clean-up.</param>
    Task CleanUpAsync(DateTimeOffset keysBefore, DateTimeOffset? closedBefore, CancellationToken cancellationToken);
}

/// <summary>The records to write in one transaction.</summary>
/// <param name="Verification">The verification. A new verification has no version.</param>
/// <param name="Key">
/// The idempotency key of the request. A new key has no version. A stored key is changed to refer to this verification.
/// </param>
/// <param name="Target">
/// The stored state of the target, as it was read for a new verification; null if the store has none.
/// </param>
/// <param name="Owner">The number of sends to the owner, including this send.</param>
public sealed record StoreWrite(
    Verification Verification, IdempotencyEntry? Key = null, TargetState? Target = null, OwnerSends? Owner = null);

/// <summary>The result of a write.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>The write is durable.</summary>
    /// <param name="Verification">The verification as it is stored, with its new version.</param>
    public sealed record Written(Verification Verification) : WriteResult;

    /// <summary>Another writer has changed a record since it was read. Nothing was written.</summary>
    public sealed record Conflict : WriteResult;
}

/// <summary>The state of a target.</summary>
/// <param name="Open">The open verification; null if there is none.</param>
/// <param name="LastId">The id of the verification that was closed last; null if none was closed lately.</param>
/// <param name="LastMailAt">
/// The time of the latest e-mail that may have been sent to the target; null if that was long ago, or if a verification
/// is open.
/// </param>
/// <param name="Version">The version of the state in the store; null if the store has no state of the target.</param>
public sealed record TargetState(
    Verification? Open = null, Guid? LastId = null, DateTimeOffset? LastMailAt = null, string? Version = null);

/// <summary>A verification in a list.</summary>
/// <param name="Id">The id of the verification.</param>
/// <param name="Verification">The verification; null if this version of the app cannot read the record.</param>
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

/// <summary>The store is unavailable. If a write throws this exception, the write may be stored nevertheless.</summary>
/// <param name="message">The message, for the log.</param>
/// <param name="inner">The exception that the client of the store threw.</param>
public class StoreUnavailableException(string message, Exception inner) : Exception(message, inner)
{
    public StoreUnavailableException(Exception inner)
        : this("The store of verifications is unavailable; try again later.", inner)
    {
    }
}

/// <summary>Which verifications to list.</summary>
/// <param name="States">The states; null for all.</param>
/// <param name="RegionId">The region; null for all.</param>
/// <param name="CreatedBefore">Lists only verifications that were created before this time; null for all.</param>
/// <param name="After">The last id of the page before; null for the first page.</param>
/// <param name="Limit">The most verifications to return.</param>
public sealed record VerificationQuery(
    IReadOnlyList<VerificationState>? States, string? RegionId, DateTimeOffset? CreatedBefore, Guid? After, int Limit)
{
    /// <summary>
    /// Whether the query asks for open states only. Such a list also contains records with a state that only a newer
    /// version of the app knows, because they may be open.
    /// </summary>
    public bool IsOpenOnly => States?.All(state => state.IsOpen()) == true;

    /// <summary>The states that the query does not ask for.</summary>
    internal IEnumerable<VerificationState> OtherStates => Enum.GetValues<VerificationState>().Except(States ?? []);
}
