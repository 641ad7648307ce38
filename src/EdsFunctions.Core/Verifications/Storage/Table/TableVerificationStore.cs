using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Stores verifications in an Azure table, which several instances share. A verification, its target and reference, the
/// sends to its owner, and the idempotency key of the request are in the partition <c>open</c>, and change in one
/// entity group transaction. Afterwards, a closed verification is moved to a partition per month. After a crash in
/// between, it is still found, and the timer finishes the move. Failed verifications stay in the open partition for two
/// days, so that the latest failures are found without reading the history.
/// </summary>
public sealed class TableVerificationStore : IVerificationStore
{
    private const string TableNotFound = "TableNotFound";

    /// <summary>The page size of clean-ups.</summary>
    private const int CleanUpPageSize = 100;

    /// <summary>The maximum number of reads of a target whose row names a verification that is not open.</summary>
    private const int MaxTargetReads = 5;

    /// <summary>The <c>Date</c> header has no fractions of a second.</summary>
    private static readonly TimeSpan DateResolution = TimeSpan.FromSeconds(1);

    private readonly TableClient table;
    private readonly TimeProvider time;
    private readonly RecordReader records;
    private long clockDifference;
    private volatile bool created;

    /// <param name="service">The table service.</param>
    /// <param name="time">The clock of this machine.</param>
    /// <param name="records">Reads records for list queries.</param>
    /// <param name="tableName">The table; created on first use.</param>
    internal TableVerificationStore(
        TableServiceClient service, TimeProvider time, RecordReader records, string tableName = "EdsVerifications")
    {
        (this.time, this.records) = (time, records);
        table = service.GetTableClient(tableName);
        Description = $"Azure Table {tableName} at {service.Uri.Host}:{service.Uri.Port}";
    }

    public string Description { get; }

    public DateTimeOffset UtcNow => time.GetUtcNow() - ClockDifference;

    public TimeSpan ClockDifference => new(Interlocked.Read(ref clockDifference));

    /// <summary>
    /// Short timeouts, since a caller waits: by default, the client waits 100 seconds for a response.
    /// </summary>
    internal static TableClientOptions ClientOptions() => new()
    {
        Retry =
        {
            MaxRetries = 3,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(2),
            NetworkTimeout = TimeSpan.FromSeconds(5),
        },
    };

    public async Task CheckAsync(CancellationToken cancellationToken) =>
        await ReadAsync(TableRows.Open, TableRows.VerificationRow(Guid.Empty), cancellationToken);

    public async Task<WriteResult> WriteAsync(StoreWrite write)
    {
        var verification = write.Verification;
        var row = TableRows.FromVerification(verification);
        List<TableTransactionAction> actions = [Put(row, verification.Version)];
        if (verification.Version is null)
        {
            // If a send failed before it started, the new verification is closed, and its target does not change.
            if (verification.IsOpen)
            {
                actions.Add(Put(TableRows.FromTarget(verification), write.Target?.Version));
            }

            actions.Add(new(TableTransactionActionType.Add, TableRows.FromRef(verification)));
        }
        else if (!verification.IsOpen && !verification.WasClosed)
        {
            // The same transaction releases the target and keeps the reference.
            actions.Add(new(TableTransactionActionType.UpsertReplace, TableRows.FromTarget(verification)));
            actions.Add(new(TableTransactionActionType.UpsertReplace, TableRows.FromRef(verification)));
        }

        if (write.Key is { } key)
        {
            actions.Add(Put(TableRows.FromKey(key), key.Version));
        }

        if (write.Owner is { } owner)
        {
            actions.Add(Put(TableRows.FromOwner(owner, UtcNow), owner.Version));
        }

        await CreateTableAsync(CancellationToken.None);
        var startedAt = time.GetUtcNow();
        var responses = await CallAsync(() => SubmitAsync(actions), CancellationToken.None);
        if (responses is null)
        {
            return new WriteResult.Conflict();
        }

        ObserveClock(startedAt, responses.GetRawResponse());
        var written = verification with
        {
            Version = responses.Value[0].Headers.ETag.ToString(),
            WasClosed = !verification.IsOpen,
        };
        if (!written.IsOpen && written.State != VerificationState.Failed)
        {
            await TryMoveAsync(written);
        }

        return new WriteResult.Written(written);
    }

    public async Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await ReadAsync(id, cancellationToken) is { } found ? TableRows.ToVerification(found) : null;

    public async Task<TargetState> GetTargetAsync(CenTarget target, CancellationToken cancellationToken)
    {
        for (var attempt = 1;
            await ReadAsync(TableRows.Open, TableRows.TargetRow(target), cancellationToken) is { } holder;
            attempt++)
        {
            if (TableRows.ToReleased(holder) is { } released)
            {
                return released;
            }

            var id = TableRows.GetHolder(holder);
            if (await ReadAsync(TableRows.Open, TableRows.VerificationRow(id), cancellationToken) is { } row
                && TableRows.ToVerification(row) is { IsOpen: true } open)
            {
                return new TargetState(open);
            }

            // The verification was closed between the two reads, or its row was deleted: then the target is free.
            if (attempt == MaxTargetReads)
            {
                return new TargetState(LastId: id, Version: holder.ETag.ToString());
            }
        }

        return new TargetState();
    }

    public async Task<OwnerSends> GetOwnerSendsAsync(AccountId? owner, CancellationToken cancellationToken) =>
        TableRows.ToOwner(owner, await ReadAsync(TableRows.Open, TableRows.OwnerRow(owner), cancellationToken));

    public async Task<IReadOnlyList<StoredVerification>> FindByRefAsync(
        string prefix, int limit, CancellationToken cancellationToken)
    {
        var found = new List<StoredVerification>();
        await foreach (var holder in QueryAsync(TableFilters.Refs(prefix), limit, cancellationToken).Take(limit))
        {
            if (await ReadAsync(TableRows.GetHolder(holder), cancellationToken) is { } row)
            {
                found.Add(TableRows.ToStored(row, records));
            }
        }

        return found;
    }

    public async Task<IReadOnlyList<StoredVerification>> ListAsync(
        VerificationQuery query, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, StoredVerification>(StringComparer.Ordinal);
        // Closed partitions contain no open verifications, and grow with the history.
        string[] filters = query.IsOpenOnly
            ? [TableFilters.Open(query)]
            : [TableFilters.Open(query), TableFilters.Closed(query)];
        foreach (var filter in filters)
        {
            // A verification that is being moved is in both partitions.
            foreach (var verification in await ReadAllAsync(filter, query.Limit, cancellationToken))
            {
                found[verification.Id.ToString()] = verification;
            }
        }

        return [.. found.Values.Take(query.Limit)];
    }

    public Task<IReadOnlyList<StoredVerification>> ListCurrentAsync(
        Guid? after, int limit, CancellationToken cancellationToken) =>
        ReadAllAsync(TableFilters.Current(after), limit, cancellationToken);

    public async Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        await ReadAsync(TableRows.Open, TableRows.KeyRow(hash), cancellationToken) is { } found
            ? TableRows.ToKey(hash, found)
            : null;

    public async Task SaveResponseAsync(IdempotencyKey key, string response)
    {
        if (await ReadAsync(TableRows.Open, TableRows.KeyRow(key.Hash), CancellationToken.None) is { } found
            && TableRows.ToKey(key.Hash, found) is { Response: null, Key: var stored }
            && stored == key)
        {
            found[TableRows.Response] = response;
            // Does nothing if another response was first, or if the key was removed.
            await TryAsync(
                () => table.UpdateEntityAsync(found, found.ETag, TableUpdateMode.Replace, CancellationToken.None),
                CancellationToken.None);
        }
    }

    public async Task<string?> GetMarkerAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync(TableRows.Open, TableRows.MarkerRow(name), cancellationToken))?.GetString(TableRows.Value);

    public async Task SetMarkerAsync(string name, string? value, CancellationToken cancellationToken)
    {
        await CreateTableAsync(cancellationToken);
        await CallAsync(
            () => value is null
                ? table.DeleteEntityAsync(TableRows.Open, TableRows.MarkerRow(name), ETag.All, cancellationToken)
                : table.UpsertEntityAsync(
                    TableRows.FromMarker(name, value), TableUpdateMode.Replace, cancellationToken),
            cancellationToken);
    }

    public async Task CleanUpAsync(
        DateTimeOffset keysBefore, DateTimeOffset? closedBefore, CancellationToken cancellationToken)
    {
        var filter = TableFilters.ClosedAmongOpen(keysBefore);
        await foreach (var row in QueryAsync(filter, CleanUpPageSize, cancellationToken))
        {
            // An unreadable row is not moved.
            if (TableRows.ToStored(row, records).Verification is { } closed)
            {
                await MoveAsync(closed, row.ETag, cancellationToken);
            }
        }

        await DeleteAsync(TableFilters.RemovableBefore(keysBefore), cancellationToken);
        if (closedBefore is { } before)
        {
            await DeleteAsync(TableFilters.ClosedPartitions(before), cancellationToken);
        }
    }

    private static TableTransactionAction Put(TableEntity row, string? version) => version is null
        ? new(TableTransactionActionType.Add, row)
        : new(TableTransactionActionType.UpdateReplace, row, new ETag(version));

    /// <summary>Deletes rows, except those that another instance has changed or deleted meanwhile.</summary>
    private async Task DeleteAsync(string filter, CancellationToken cancellationToken)
    {
        await foreach (var row in QueryAsync(filter, CleanUpPageSize, cancellationToken))
        {
            await DeleteAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
    }

    private async Task DeleteAsync(string partition, string row, ETag version, CancellationToken cancellationToken) =>
        await TryAsync(() => table.DeleteEntityAsync(partition, row, version, cancellationToken), cancellationToken);

    /// <summary>Moves a closed verification. If that fails, <see cref="CleanUpAsync"/> moves it later.</summary>
    private async Task TryMoveAsync(Verification closed)
    {
        try
        {
            await MoveAsync(closed, new ETag(closed.Version!), CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
        }
    }

    /// <summary>Moves a closed verification out of the open partition. Idempotent.</summary>
    private async Task MoveAsync(Verification closed, ETag version, CancellationToken cancellationToken)
    {
        await CallAsync(
            () => table.UpsertEntityAsync(TableRows.FromClosed(closed), TableUpdateMode.Replace, cancellationToken),
            cancellationToken);
        await DeleteAsync(TableRows.Open, TableRows.VerificationRow(closed.Id), version, cancellationToken);
    }

    private async Task<IReadOnlyList<StoredVerification>> ReadAllAsync(
        string filter, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(filter, limit, cancellationToken)
            .Take(limit).Select(row => TableRows.ToStored(row, records)).ToListAsync(cancellationToken);

    /// <summary>
    /// Reads the open partition first: a move adds the row to the closed partition before it deletes it from the open
    /// one.
    /// </summary>
    private async Task<TableEntity?> ReadAsync(Guid id, CancellationToken cancellationToken) =>
        await ReadAsync(TableRows.Open, TableRows.VerificationRow(id), cancellationToken)
        ?? (TableRows.ClosedPartition(id) is { } closed
            ? await ReadAsync(closed, id.ToString(), cancellationToken)
            : null);

    private async Task<TableEntity?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
    {
        await CreateTableAsync(cancellationToken);
        var startedAt = time.GetUtcNow();
        var found = await CallAsync(
            () => table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken),
            cancellationToken);
        ObserveClock(startedAt, found.GetRawResponse());
        // GetEntityIfExistsAsync does not throw for a status of 404, even if the table is missing.
        created &= !(found.GetRawResponse().Headers.TryGetValue("x-ms-error-code", out var code)
            && code == TableNotFound);
        return found.HasValue ? found.Value : null;
    }

    private async IAsyncEnumerable<TableEntity> QueryAsync(
        string filter, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int MaxPageSize = 1000;
        await CreateTableAsync(cancellationToken);
        await using var pages = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken)
            .AsPages(pageSizeHint: Math.Min(pageSize, MaxPageSize)).GetAsyncEnumerator(cancellationToken);
        for (var startedAt = time.GetUtcNow();
            await CallAsync(() => pages.MoveNextAsync().AsTask(), cancellationToken);
            startedAt = time.GetUtcNow())
        {
            ObserveClock(startedAt, pages.Current.GetRawResponse());
            foreach (var entity in pages.Current.Values)
            {
                yield return entity;
            }
        }
    }

    /// <summary>
    /// Derives the clock difference from a response. The server sent it at some time between the request and now, so
    /// the difference has a range. A known difference within the range is kept.
    /// </summary>
    private void ObserveClock(DateTimeOffset startedAt, Response response)
    {
        if (response.Headers.Date is { } date)
        {
            var least = startedAt - date - DateResolution;
            var most = time.GetUtcNow() - date;
            var known = ClockDifference;
            if (known < least || known > most)
            {
                Interlocked.Exchange(ref clockDifference, (known < least ? least : most).Ticks);
            }
        }
    }

    /// <summary>Whether the table was deleted while the app runs. The next use creates it again.</summary>
    private static bool IsTableMissing(RequestFailedException e) => e.ErrorCode == TableNotFound;

    private async Task CreateTableAsync(CancellationToken cancellationToken)
    {
        // Idempotent, so no lock is needed.
        if (!created)
        {
            await CallAsync(() => table.CreateIfNotExistsAsync(cancellationToken), cancellationToken);
            created = true;
        }
    }

    /// <returns>Null if another writer was first.</returns>
    private async Task<Response<IReadOnlyList<Response>>?> SubmitAsync(List<TableTransactionAction> actions)
    {
        try
        {
            return await table.SubmitTransactionAsync(actions, CancellationToken.None);
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            created &= !IsTableMissing(e);
            return null;
        }
    }

    /// <summary>Changes a row, unless another instance has changed or deleted it meanwhile.</summary>
    private async Task TryAsync(Func<Task<Response>> change, CancellationToken cancellationToken) => await CallAsync(
        async () =>
        {
            try
            {
                return await change();
            }
            catch (RequestFailedException e) when (e.Status is 404 or 412)
            {
                return (Response?)null;
            }
        },
        cancellationToken);

    /// <exception cref="StoreUnavailableException">The call failed, unless the caller has cancelled it.</exception>
    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        // The client throws it if the caller cancels a retry.
        catch (AggregateException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (IsUnavailable(e, cancellationToken))
        {
            created &= !(e is RequestFailedException failed && IsTableMissing(failed));
            throw new StoreUnavailableException(e);
        }
    }

    private static bool IsUnavailable(Exception e, CancellationToken cancellationToken) => e switch
    {
        // The client cancels a request that takes too long.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AggregateException all => all.InnerExceptions.All(one => IsUnavailable(one, cancellationToken)),
        _ => e is RequestFailedException or AuthenticationFailedException or IOException,
    };
}
