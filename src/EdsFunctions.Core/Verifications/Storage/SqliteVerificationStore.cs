using System.Threading.Channels;
using EdsFunctions.Core.Alibaba;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Verifications in a SQLite file: the embedded default. Write-ahead logging and <c>synchronous=FULL</c>, so that a committed write
/// survives a power cut; a partial unique index keeps one open verification per target. One thread writes, and commits all queued
/// writes in one transaction: the disk is flushed once per transaction, and that takes longer than all the rest of it.
/// </summary>
public sealed class SqliteVerificationStore : IVerificationStore, IDisposable
{
    private readonly string path;
    private readonly Lazy<string> connectionString;
    private readonly Channel<QueuedWrite> queue = Channel.CreateUnbounded<QueuedWrite>();
    private readonly Thread writer;

    private volatile bool disposed;

    /// <param name="path">The database file; it and its folder are created if they are missing.</param>
    /// <param name="busyTimeout">How many seconds a write waits while another process writes to the file.</param>
    public SqliteVerificationStore(string path, int busyTimeout = 10)
    {
        this.path = path;
        // Created and upgraded on first use; if that fails, the next use tries again.
        connectionString = new(() => SqliteSchema.Upgrade(path, busyTimeout), LazyThreadSafetyMode.PublicationOnly);
        // A thread of its own, since it blocks on the disk most of the time: the requests would miss a thread of the pool.
        writer = new Thread(WriteAll) { Name = "SQLite writer", IsBackground = true };
        writer.UnsafeStart();
    }

    public string Description => $"SQLite, {path}";

    public Task CheckAsync(CancellationToken cancellationToken) =>
        // An empty transaction that may write fails if the file is read-only.
        WriteAsync(static _ => null, cancellationToken);

    public Task<WriteResult> CreateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        WriteAsync(
            """
            INSERT INTO verifications
                (id, region_id, cen_id, cen_owner_id, state, open, send_started_at, waiting_since, version, document)
            VALUES ($id, $region, $cen, $owner, $state, $open, $sendStartedAt, $waitingSince, $version, $document)
            ON CONFLICT DO NOTHING
            """,
            verification,
            key,
            version: 1,
            cancellationToken);

    public Task<WriteResult> UpdateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        WriteAsync(
            """
            UPDATE verifications
            SET state = $state, open = $open, send_started_at = $sendStartedAt, waiting_since = $waitingSince, version = $version,
                document = $document
            WHERE id = $id AND version = $version - 1
            """,
            verification,
            key,
            version: 1 + StoredVersion(verification),
            cancellationToken);

    public Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(Read("WHERE id = $id", ("$id", id.ToString())).SingleOrDefault());

    public Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken) =>
        Task.FromResult(Read(
            "WHERE region_id = $region AND cen_id = $cen AND cen_owner_id = $owner AND open = 1",
            ("$region", target.RegionId),
            ("$cen", Cen(target)),
            ("$owner", Owner(target))).SingleOrDefault());

    public Task<IReadOnlyList<Verification>> FindOpenByRefAsync(string prefix, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Verification>>(Read(
            """
            INDEXED BY one_open_per_ref
            WHERE open = 1 AND substr(id, 29) >= $prefix AND substr(id, 29) < $behind
            ORDER BY substr(id, 29) LIMIT $limit
            """,
            ("$prefix", prefix),
            ("$behind", prefix + VerificationIds.BehindDigits),
            ("$limit", limit)));

    public Task<IReadOnlyList<Verification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken)
    {
        var conditions = new List<string> { "id > $after" };
        var parameters = new List<(string, object)> { ("$after", query.After?.ToString() ?? ""), ("$limit", query.Limit) };
        if (query.States is { } states)
        {
            conditions.Add($"state IN ({string.Join(", ", states.Select((_, i) => $"$state{i}"))})");
            parameters.AddRange(states.Select((state, i) => ($"$state{i}", (object)state.Name())));
        }

        if (query.RegionId is { } region)
        {
            conditions.Add("region_id = $region");
            parameters.Add(("$region", region));
        }

        if (query.CreatedBefore is { } before)
        {
            conditions.Add("id < $before");
            parameters.Add(("$before", VerificationIds.FirstAt(before)));
        }

        return Task.FromResult<IReadOnlyList<Verification>>(
            Read($"WHERE {string.Join(" AND ", conditions)} ORDER BY id LIMIT $limit", [.. parameters]));
    }

    public Task<IReadOnlyList<Verification>> ListWaitingAsync(
        DateTimeOffset since, Guid? after, int limit, CancellationToken cancellationToken) =>
        // What was created later cannot wait longer, so the index is read up to there.
        Task.FromResult<IReadOnlyList<Verification>>(Read(
            """
            INDEXED BY open_by_id
            WHERE open = 1 AND id > $after AND id < $createdLater AND waiting_since <= $since
            ORDER BY id LIMIT $limit
            """,
            ("$after", after?.ToString() ?? ""),
            ("$createdLater", VerificationIds.FirstAt(since.AddMilliseconds(1))),
            ("$since", since.ToUnixTimeMilliseconds()),
            ("$limit", limit)));

    public Task<IReadOnlyList<Verification>> ListSendingAsync(
        DateTimeOffset startedBefore, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Verification>>(Read(
            "INDEXED BY sending WHERE state = 'sending' AND send_started_at <= $before ORDER BY send_started_at LIMIT $limit",
            ("$before", startedBefore.ToUnixTimeMilliseconds()),
            ("$limit", limit)));

    public Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        Task.FromResult(Read(
            "SELECT fingerprint, verification_id, send, created_at, answer FROM idempotency_keys WHERE hash = $hash",
            row => new IdempotencyEntry(
                new IdempotencyKey(hash, row.GetString(0)),
                Guid.Parse(row.GetString(1)),
                row.GetInt32(2),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                row.IsDBNull(4) ? null : row.GetString(4)),
            ("$hash", hash)).SingleOrDefault());

    public Task SaveAnswerAsync(string hash, string answer, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "UPDATE idempotency_keys SET answer = $answer WHERE hash = $hash AND answer IS NULL",
            [("$hash", hash), ("$answer", answer)],
            cancellationToken);

    public Task<string?> GetNoteAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(
            Read("SELECT value FROM notes WHERE name = $name", static row => row.GetString(0), ("$name", name)).SingleOrDefault());

    public Task SetNoteAsync(string name, string? value, CancellationToken cancellationToken) => value is null
        ? ExecuteAsync("DELETE FROM notes WHERE name = $name", [("$name", name)], cancellationToken)
        : ExecuteAsync(
            "INSERT INTO notes (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = $value",
            [("$name", name), ("$value", value)],
            cancellationToken);

    public Task TidyAsync(DateTimeOffset keysCreatedBefore, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "DELETE FROM idempotency_keys WHERE created_at < $before",
            [("$before", keysCreatedBefore.ToUnixTimeMilliseconds())],
            cancellationToken);

    /// <summary>Completes what is queued; later writes and reads fail.</summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        writer.Join();
        disposed = true;
        ClearPool();
    }

    /// <summary>The verification and the key of the request that wrote it become durable together, or neither does.</summary>
    private async Task<WriteResult> WriteAsync(
        string sql, Verification verification, IdempotencyEntry? key, long version, CancellationToken cancellationToken)
    {
        // Serialized here, so that the writer's thread does not have to.
        (string, object)[] row =
        [
            ("$id", verification.Id.ToString()),
            ("$region", verification.Target.RegionId),
            ("$cen", Cen(verification.Target)),
            ("$owner", Owner(verification.Target)),
            ("$state", verification.State.Name()),
            ("$open", verification.IsOpen ? 1 : 0),
            ("$sendStartedAt", verification.SendStartedAt.ToUnixTimeMilliseconds()),
            ("$waitingSince", verification.WaitingSince.ToUnixTimeMilliseconds()),
            ("$version", version),
            ("$document", VerificationJson.Write(verification)),
        ];
        var written = new WriteResult.Written(verification with { Version = version.ToString(CultureInfo.InvariantCulture) });
        var result = await WriteAsync(
            connection =>
            {
                // Nobody else writes during the transaction.
                if (key is not null && IsTaken(connection, key.Key))
                {
                    return new WriteResult.KeyTaken();
                }

                if (Execute(connection, sql, row) == 0)
                {
                    return new WriteResult.Conflict();
                }

                if (key is not null)
                {
                    Insert(connection, key);
                }

                return written;
            },
            cancellationToken);
        return result!;
    }

    private Task<WriteResult?> ExecuteAsync(string sql, (string, object)[] parameters, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            Execute(connection, sql, parameters);
            return null;
        },
        cancellationToken);

    /// <summary>Queues a write; it is durable when the task has completed.</summary>
    /// <param name="run">Changes everything or nothing. Run again if the transaction that it shared with others failed.</param>
    /// <param name="cancellationToken">Cancels the write if it has not started.</param>
    private Task<WriteResult?> WriteAsync(Func<SqliteConnection, WriteResult?> run, CancellationToken cancellationToken)
    {
        var write = new QueuedWrite(run, new(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        ObjectDisposedException.ThrowIf(!queue.Writer.TryWrite(write), this);
        return write.Completion.Task;
    }

    private void WriteAll()
    {
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            List<QueuedWrite> batch = [];
            while (queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            Commit(batch);
        }
    }

    /// <summary>Commits writes in one transaction, and completes their tasks.</summary>
    private void Commit(List<QueuedWrite> batch)
    {
        var begun = false;
        try
        {
            using var connection = Open();
            Execute(connection, "PRAGMA synchronous = FULL");
            using var transaction = connection.BeginTransaction(deferred: false);
            begun = true;
            batch.RemoveAll(static write =>
                write.Cancelled.IsCancellationRequested && write.Completion.TrySetCanceled(write.Cancelled));
            var results = batch.ConvertAll(write => write.Run(connection));
            transaction.Commit();
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Completion.TrySetResult(results[i]);
            }
        }
        catch (Exception) when (begun && batch.Count > 1)
        {
            // Nothing of it is stored. Each is tried alone, so that none fails because of another.
            ClearPool();
            batch.ForEach(write => Commit([write]));
        }
        catch (Exception e)
        {
            ClearPool();
            batch.ForEach(write => write.Completion.TrySetException(e));
        }
    }

    /// <summary>Closes the pooled connections: one whose file has failed may stay broken.</summary>
    private void ClearPool()
    {
        if (connectionString.IsValueCreated)
        {
            using var connection = new SqliteConnection(connectionString.Value);
            SqliteConnection.ClearPool(connection);
        }
    }

    private static bool IsTaken(SqliteConnection connection, IdempotencyKey key)
    {
        using var command = Command(connection, "SELECT 1 FROM idempotency_keys WHERE hash = $hash", ("$hash", key.Hash));
        return command.ExecuteScalar() is not null;
    }

    private static void Insert(SqliteConnection connection, IdempotencyEntry key) => Execute(
        connection,
        """
        INSERT INTO idempotency_keys (hash, fingerprint, verification_id, send, created_at)
        VALUES ($hash, $fingerprint, $id, $send, $now)
        """,
        ("$hash", key.Key.Hash),
        ("$fingerprint", key.Key.Fingerprint),
        ("$id", key.VerificationId.ToString()),
        ("$send", key.Send),
        ("$now", key.CreatedAt.ToUnixTimeMilliseconds()));

    private static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    private List<Verification> Read(string where, params ReadOnlySpan<(string Name, object Value)> parameters) => Read(
        $"SELECT document, version FROM verifications {where}",
        static row => VerificationJson.Read(row.GetString(0), row.GetInt64(1).ToString(CultureInfo.InvariantCulture)),
        parameters);

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var connection = Open();
        using var command = Command(connection, sql, parameters);
        using var rows = command.ExecuteReader();
        var found = new List<T>();
        while (rows.Read())
        {
            found.Add(read(rows));
        }

        return found;
    }

    /// <param name="connection">An open connection.</param>
    /// <param name="sql">Built from constants of this class.</param>
    /// <param name="parameters">The values.</param>
    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private SqliteConnection Open()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var connection = new SqliteConnection(connectionString.Value);
        connection.Open();
        return connection;
    }

    private static long StoredVersion(Verification verification) => long.Parse(
        verification.Version ?? throw new ArgumentException("It was never stored.", nameof(verification)),
        CultureInfo.InvariantCulture);

    /// <summary>The unique index treats nulls as different; a target without a CEN or an owner is still one target.</summary>
    private static string Cen(CenTarget target) => target.CenId ?? "";

    private static long Owner(CenTarget target) => target.CenOwnerId?.Value ?? 0;

    private sealed record QueuedWrite(
        Func<SqliteConnection, WriteResult?> Run, TaskCompletionSource<WriteResult?> Completion, CancellationToken Cancelled);
}
