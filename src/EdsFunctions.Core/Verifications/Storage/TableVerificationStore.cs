using Azure;
using Azure.Data.Tables;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Verifications in an Azure Table, which several instances share. Everything that has to change together is in the partition
/// <c>open</c> and changes in one entity group transaction: the verification, the rows that hold its target and its reference, and the
/// idempotency key of the request. A closed one is moved to a partition per month afterwards; until then it is found where it was, so that a crash
/// in between harms nothing, and the next run of the report finishes the move.
/// </summary>
public sealed class TableVerificationStore : IVerificationStore
{
    /// <summary>How many entities a transaction takes.</summary>
    private const int MaxBatch = 100;

    private readonly TableClient table;
    private volatile bool created;

    /// <param name="service">The table service.</param>
    /// <param name="tableName">The table; it is created on first use.</param>
    public TableVerificationStore(TableServiceClient service, string tableName = "EdsVerifications")
    {
        table = service.GetTableClient(tableName);
        Description = $"Azure Table {tableName} at {service.Uri.Host}";
    }

    public string Description { get; }

    /// <summary>The defaults wait 100 seconds for a network that is gone; a caller of ours is waiting meanwhile.</summary>
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

    public Task<WriteResult> CreateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        WriteAsync(
            verification,
            key,
            [
                new(TableTransactionActionType.Add, TableRows.OfTarget(verification)),
                new(TableTransactionActionType.Add, TableRows.OfRef(verification)),
                new(TableTransactionActionType.Add, TableRows.OfVerification(verification)),
            ],
            cancellationToken);

    public async Task<WriteResult> UpdateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken)
    {
        var version = new ETag(verification.Version ?? throw new ArgumentException("It was never stored.", nameof(verification)));
        var actions = new List<TableTransactionAction>
        {
            new(TableTransactionActionType.UpdateReplace, TableRows.OfVerification(verification), version),
        };
        if (!verification.IsOpen)
        {
            // The target and the reference are free in the same moment.
            actions.Add(new(TableTransactionActionType.Delete, TableRows.OfTarget(verification), ETag.All));
            actions.Add(new(TableTransactionActionType.Delete, TableRows.OfRef(verification), ETag.All));
        }

        var written = await WriteAsync(verification, key, actions, cancellationToken);
        if (written is WriteResult.Written && !verification.IsOpen)
        {
            await TryMoveAsync(verification, cancellationToken);
        }

        return written;
    }

    public async Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        // In this order: a verification is put into its closed partition before it is taken from the open one.
        var found = await ReadAsync(TableRows.Open, TableRows.VerificationRow(id), cancellationToken);
        if (found is null && TableRows.ClosedPartition(id) is { } closed)
        {
            found = await ReadAsync(closed, id.ToString(), cancellationToken);
        }

        return found is null ? null : TableRows.ToVerification(found);
    }

    public async Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken)
    {
        var holder = await ReadAsync(TableRows.Open, TableRows.TargetRow(target), cancellationToken);
        var found = holder is null
            ? null
            : await ReadAsync(TableRows.Open, TableRows.VerificationRow(TableRows.HeldBy(holder)), cancellationToken);
        return found is not null && TableRows.ToVerification(found) is { IsOpen: true } open ? open : null;
    }

    public async Task<IReadOnlyList<Verification>> FindOpenByRefAsync(string prefix, int limit, CancellationToken cancellationToken)
    {
        var found = new List<Verification>();
        await foreach (var holder in QueryAsync(TableFilters.Refs(prefix), limit, cancellationToken).Take(limit))
        {
            if (await ReadAsync(TableRows.Open, TableRows.VerificationRow(TableRows.HeldBy(holder)), cancellationToken) is { } row
                && TableRows.ToVerification(row) is { IsOpen: true } open)
            {
                found.Add(open);
            }
        }

        return found;
    }

    public async Task<IReadOnlyList<Verification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, Verification>(StringComparer.Ordinal);
        // No open one is in a closed partition, and those grow with the history.
        var openOnly = query.States?.All(state => state.IsOpen()) == true;
        string[] filters = openOnly ? [TableFilters.Open(query)] : [TableFilters.Open(query), TableFilters.Closed(query)];
        foreach (var filter in filters)
        {
            // One that is being moved is in both; they are the same.
            foreach (var verification in await ReadAllAsync(filter, query.Limit, cancellationToken))
            {
                found[verification.Id.ToString()] = verification;
            }
        }

        return [.. found.Values.Take(query.Limit)];
    }

    public Task<IReadOnlyList<Verification>> ListWaitingAsync(
        DateTimeOffset since, Guid? after, int limit, CancellationToken cancellationToken) =>
        ReadAllAsync(TableFilters.Waiting(since, after), limit, cancellationToken);

    public Task<IReadOnlyList<Verification>> ListSendingAsync(
        DateTimeOffset startedBefore, int limit, CancellationToken cancellationToken) =>
        ReadAllAsync(TableFilters.Sending(startedBefore), limit, cancellationToken);

    public async Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        await ReadAsync(TableRows.Open, TableRows.KeyRow(hash), cancellationToken) is { } found ? TableRows.ToKey(hash, found) : null;

    public async Task SaveAnswerAsync(string hash, string answer, CancellationToken cancellationToken)
    {
        if (await ReadAsync(TableRows.Open, TableRows.KeyRow(hash), cancellationToken) is { } found && TableRows.ToKey(hash, found).Answer is null)
        {
            found[TableRows.Answer] = answer;
            try
            {
                await table.UpdateEntityAsync(found, found.ETag, TableUpdateMode.Replace, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status is 404 or 412)
            {
                // Another answer was first, or the key is forgotten.
            }
        }
    }

    public async Task<string?> GetNoteAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync(TableRows.Open, TableRows.NoteRow(name), cancellationToken))?.GetString(TableRows.Value);

    public async Task SetNoteAsync(string name, string? value, CancellationToken cancellationToken)
    {
        await CreateTableAsync(cancellationToken);
        if (value is null)
        {
            await table.DeleteEntityAsync(TableRows.Open, TableRows.NoteRow(name), ETag.All, cancellationToken);
        }
        else
        {
            await table.UpsertEntityAsync(TableRows.OfNote(name, value), TableUpdateMode.Replace, cancellationToken);
        }
    }

    public async Task TidyAsync(DateTimeOffset keysCreatedBefore, CancellationToken cancellationToken)
    {
        await foreach (var closed in QueryAsync(TableFilters.ClosedAmongOpen, MaxBatch, cancellationToken))
        {
            await MoveAsync(TableRows.ToVerification(closed), cancellationToken);
        }

        await foreach (var keys in QueryAsync(TableFilters.KeysCreatedBefore(keysCreatedBefore), MaxBatch, cancellationToken).Chunk(MaxBatch))
        {
            await table.SubmitTransactionAsync(
                keys.Select(key => new TableTransactionAction(TableTransactionActionType.Delete, key, ETag.All)), cancellationToken);
        }
    }

    /// <summary>All of it becomes durable, or nothing.</summary>
    private async Task<WriteResult> WriteAsync(
        Verification verification, IdempotencyEntry? key, List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        await CreateTableAsync(cancellationToken);
        if (key is not null)
        {
            // First, so that a taken key is what a refusal names.
            actions.Insert(0, new(TableTransactionActionType.Add, TableRows.OfKey(key)));
        }

        var index = actions.FindIndex(action => action.Entity.RowKey == TableRows.VerificationRow(verification.Id));
        try
        {
            var responses = await SubmitAsync(actions, cancellationToken);
            return new WriteResult.Written(verification with { Version = responses[index].Headers.ETag.ToString() });
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return await OwnWriteAsync((TableEntity)actions[index].Entity, cancellationToken) is { } own
                ? new WriteResult.Written(own)
                : key is not null && e.FailedTransactionActionIndex == 0 ? new WriteResult.KeyTaken() : new WriteResult.Conflict();
        }
    }

    private async Task<IReadOnlyList<Response>> SubmitAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            return (await table.SubmitTransactionAsync(actions, cancellationToken)).Value;
        }
        catch (TableTransactionFailedException e)
            when (e is { Status: 404, FailedTransactionActionIndex: { } failed } && TableRows.IsRef(actions[failed].Entity))
        {
            // Recorded by a version of the app that knew no references, so there is none to remove.
            actions.RemoveAt(failed);
            return (await table.SubmitTransactionAsync(actions, cancellationToken)).Value;
        }
    }

    /// <summary>
    /// What is stored, where it is this very write: the client sends a transaction again whose answer was lost, and the second one
    /// meets the first. Known by its mark and not by its content, since two writers can want the same.
    /// </summary>
    private async Task<Verification?> OwnWriteAsync(TableEntity written, CancellationToken cancellationToken) =>
        await ReadAsync(written.PartitionKey, written.RowKey, cancellationToken) is { } stored
        && stored.GetGuid(TableRows.WriteId) == written.GetGuid(TableRows.WriteId)
            ? TableRows.ToVerification(stored)
            : null;

    /// <summary>It is closed already; where the move fails, <see cref="TidyAsync"/> makes up for it.</summary>
    private async Task TryMoveAsync(Verification closed, CancellationToken cancellationToken)
    {
        try
        {
            await MoveAsync(closed, cancellationToken);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or OperationCanceledException)
        {
        }
    }

    /// <summary>Moves a closed verification out of the open partition; whoever does it twice does no harm.</summary>
    private async Task MoveAsync(Verification closed, CancellationToken cancellationToken)
    {
        await table.UpsertEntityAsync(TableRows.OfClosed(closed), TableUpdateMode.Replace, cancellationToken);
        await table.DeleteEntityAsync(TableRows.Open, TableRows.VerificationRow(closed.Id), ETag.All, cancellationToken);
    }

    private async Task<IReadOnlyList<Verification>> ReadAllAsync(string filter, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(filter, limit, cancellationToken).Take(limit).Select(TableRows.ToVerification).ToListAsync(cancellationToken);

    private async Task<TableEntity?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
    {
        await CreateTableAsync(cancellationToken);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private async IAsyncEnumerable<TableEntity> QueryAsync(
        string filter, int pageSize, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int MaxPageSize = 1000;
        await CreateTableAsync(cancellationToken);
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, Math.Min(pageSize, MaxPageSize), cancellationToken: cancellationToken))
        {
            yield return entity;
        }
    }

    private async Task CreateTableAsync(CancellationToken cancellationToken)
    {
        // Several at once do no harm.
        if (!created)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            created = true;
        }
    }
}
