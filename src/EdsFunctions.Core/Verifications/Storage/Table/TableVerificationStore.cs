using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Stores verifications in an Azure table, which several instances of the app share. The partition <c>open</c> has a
/// verification, its target and reference, the sends to its owner, and the idempotency key of the request, so that one
/// entity group transaction can change them all. Afterwards, a closed verification is moved to the partition of its
/// month. After a crash in between, the verification is still found, and the timer finishes the move. Failed
/// verifications stay in the open partition for two days, so that the latest failures are found without a read of all
/// closed verifications.
/// </summary>
public sealed class TableVerificationStore : IVerificationStore
{
    private const string TableNotFound = "TableNotFound";

    /// <summary>The number of rows that a clean-up reads at once.</summary>
    private const int CleanUpPageSize = 100;

    /// <summary>
    /// The maximum number of times that the state of a target is read again, if its row names a verification that is
    /// not open.
    /// </summary>
    private const int MaxTargetReads = 5;

    /// <summary>
    /// The resolution of the server's clock in the header <c>Date</c>, which has no fractions of a second.
    /// </summary>
    private static readonly TimeSpan DateResolution = TimeSpan.FromSeconds(1);

    private readonly TableClient table;
    private readonly TimeProvider time;
    private readonly RecordReader records;
    private long clockDifference;
    private volatile bool created;

    /// <param name="service">The table service.</param>
    /// <param name="time">The clock of this machine.</param>
    /// <param name="records">Reads records for list queries.</param>
    /// <param name="tableName">The name of the table. The store creates the table when it first uses it.</param>
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
    /// Sets short timeouts, because a caller waits: by default, the Azure client waits 100 seconds for a response.
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
            // A verification whose send failed before it started is created as closed. Its target does not change.
            if (verification.IsOpen)
            {
                actions.Add(Put(TableRows.FromTarget(verification), write.Target?.Version));
            }

            actions.Add(new(TableTransactionActionType.Add, TableRows.FromRef(verification)));
        }
        else if (!verification.IsOpen && !verification.WasClosed)
        {
            // The transaction that closes a verification also frees the target, and keeps the reference for two days.
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
            await ReadAsync(TableRows.Open, TableRows.TargetRow(target), cancellationToken) is { } targetRow;
            attempt++)
        {
            if (TableRows.ToReleasedTarget(targetRow) is { } released)
            {
                return released;
            }

            var id = TableRows.GetVerificationId(targetRow);
            if (await ReadAsync(TableRows.Open, TableRows.VerificationRow(id), cancellationToken) is { } row
                && TableRows.ToVerification(row) is { IsOpen: true } open)
            {
                return new TargetState(open);
            }

            // The verification was closed between the two reads, or its row was deleted. If the row was deleted, the
            // target is free.
            if (attempt == MaxTargetReads)
            {
                return new TargetState(LastId: id, Version: targetRow.ETag.ToString());
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
        await foreach (var refRow in QueryAsync(TableFilters.Refs(prefix), limit, cancellationToken).Take(limit))
        {
            if (await ReadAsync(TableRows.GetVerificationId(refRow), cancellationToken) is { } row)
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
        // A query for open verifications does not read the closed partitions, which grow over time.
        string[] filters = query.IsOpenOnly
            ? [TableFilters.Open(query)]
            : [TableFilters.Open(query), TableFilters.Closed(query)];
        foreach (var filter in filters)
        {
            // While a verification is moved, it is in both partitions, so list it once.
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
            // Do nothing if the key already has a response, or was removed.
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
        var filter = TableFilters.ClosedInOpenPartition(keysBefore);
        await foreach (var row in QueryAsync(filter, CleanUpPageSize, cancellationToken))
        {
            // A record that this version of the app cannot read is not moved.
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

    /// <summary>Deletes rows, except rows that another instance has changed or deleted since they were read.</summary>
    private async Task DeleteAsync(string filter, CancellationToken cancellationToken)
    {
        await foreach (var row in QueryAsync(filter, CleanUpPageSize, cancellationToken))
        {
            await DeleteAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
    }

    private async Task DeleteAsync(string partition, string row, ETag version, CancellationToken cancellationToken) =>
        await TryAsync(() => table.DeleteEntityAsync(partition, row, version, cancellationToken), cancellationToken);

    /// <summary>
    /// Moves a closed verification out of the open partition. If the move fails, <see cref="CleanUpAsync"/> moves the
    /// verification later.
    /// </summary>
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

    /// <summary>Moves a closed verification out of the open partition. May be repeated after a crash.</summary>
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
    /// Reads a verification, first from the open partition. A move adds the row to the closed partition before it
    /// deletes the row from the open one, so one of the two reads finds it.
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
        // GetEntityIfExistsAsync does not throw for a 404, which can also mean that the whole table is missing.
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
    /// Calculates the difference between the clocks of this machine and of the server from a response. The server sent
    /// the response at some time between the request and now, so the difference is within a range. If the known
    /// difference is within this range, it stays.
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

    /// <summary>
    /// Whether the table was deleted while the app runs. If so, the next use creates the table again.
    /// </summary>
    private static bool IsTableMissing(RequestFailedException e) => e.ErrorCode == TableNotFound;

    private async Task CreateTableAsync(CancellationToken cancellationToken)
    {
        // Several callers may create the table at the same time, so no lock is needed.
        if (!created)
        {
            await CallAsync(() => table.CreateIfNotExistsAsync(cancellationToken), cancellationToken);
            created = true;
        }
    }

    /// <returns>Null if another writer has changed a row since it was read.</returns>
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

    /// <summary>Changes a row, unless another instance has changed or deleted the row since it was read.</summary>
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

    /// <exception cref="StoreUnavailableException">The call failed, and the caller has not cancelled it.</exception>
    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        // The Azure client throws an AggregateException if the caller cancels a retry.
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
        // The Azure client itself cancels a request that takes too long.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AggregateException all => all.InnerExceptions.All(one => IsUnavailable(one, cancellationToken)),
        _ => e is RequestFailedException or AuthenticationFailedException or IOException,
    };
}
