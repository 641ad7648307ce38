using System.Runtime.CompilerServices;
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
    /// <summary>The <c>user_version</c> that schema.sql sets.</summary>
    private const int SchemaVersion = 3;

    private static readonly string[] ParameterNames = [.. Enumerable.Range(0, 16).Select(i => $"$p{i}")];

    private readonly Lazy<string> connectionString;
    private readonly Channel<QueuedWrite> queue = Channel.CreateUnbounded<QueuedWrite>();
    private readonly Thread writer;

    private volatile bool disposed;

    /// <param name="path">The database file; it and its folder are created if they are missing.</param>
    /// <param name="busyTimeout">How many seconds a write waits while another process writes to the file.</param>
    public SqliteVerificationStore(string path, int busyTimeout = 10)
    {
        Description = $"SQLite, {path}";
        // Created and upgraded on first use; if that fails, the next use tries again.
        connectionString = new(() => Upgrade(path, busyTimeout), LazyThreadSafetyMode.PublicationOnly);
        // A thread of its own, since it blocks on the disk most of the time: the requests would miss a thread of the pool.
        writer = new Thread(WriteAll) { Name = "SQLite writer", IsBackground = true };
        writer.UnsafeStart();
    }

    public string Description { get; }

    public Task CheckAsync(CancellationToken cancellationToken) =>
        // An empty transaction that may write fails if the file is read-only.
        WriteAsync($"SELECT 1", cancellationToken);

    public Task<WriteResult> CreateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        WriteAsync(
            $"""
            INSERT INTO verifications
                (id, region_id, cen_id, cen_owner_id, state, open, send_started_at, waiting_since, version, document)
            VALUES
                ({verification.Id}, {verification.Target.RegionId}, {Cen(verification.Target)}, {Owner(verification.Target)},
                {verification.State.Name()}, {verification.IsOpen}, {verification.SendStartedAt}, {verification.WaitingSince},
                1, {VerificationJson.Write(verification)})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken,
            verification with { Version = "1" },
            key);

    public Task<WriteResult> UpdateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken)
    {
        var version = long.Parse(verification.Version!, CultureInfo.InvariantCulture);
        return WriteAsync(
            $"""
            UPDATE verifications
            SET state = {verification.State.Name()}, open = {verification.IsOpen}, send_started_at = {verification.SendStartedAt},
                waiting_since = {verification.WaitingSince}, version = {version + 1}, document = {VerificationJson.Write(verification)}
            WHERE id = {verification.Id} AND version = {version}
            """,
            cancellationToken,
            verification with { Version = (version + 1).ToString(CultureInfo.InvariantCulture) },
            key);
    }

    public async Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        (await ReadAsync($"WHERE id = {id}")).SingleOrDefault();

    public async Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken) =>
        (await ReadAsync(
            $"WHERE region_id = {target.RegionId} AND cen_id = {Cen(target)} AND cen_owner_id = {Owner(target)} AND open = 1"))
        .SingleOrDefault();

    public Task<IReadOnlyList<Verification>> FindOpenByRefAsync(string prefix, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            $"""
            INDEXED BY one_open_per_ref
            WHERE open = 1 AND substr(id, 29) >= {prefix} AND substr(id, 29) < {prefix + VerificationIds.BehindDigits}
            ORDER BY substr(id, 29) LIMIT {limit}
            """);

    public Task<IReadOnlyList<Verification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken)
    {
        // A condition that is not asked for is left out, so that an index can serve the others.
        var where = "WHERE id > {0}"
            + (query.States is { } states ? $" AND state IN ('{string.Join("', '", states.Select(state => state.Name()))}')" : "")
            + (query.RegionId is null ? "" : " AND region_id = {1}")
            + (query.CreatedBefore is null ? "" : " AND id < {2}")
            + " ORDER BY id LIMIT {3}";
        return ReadAsync(FormattableStringFactory.Create(
            where,
            query.After?.ToString() ?? "",
            query.RegionId,
            query.CreatedBefore is { } before ? VerificationIds.FirstAt(before) : null,
            query.Limit));
    }

    public Task<IReadOnlyList<Verification>> ListWaitingAsync(
        DateTimeOffset since, Guid? after, int limit, CancellationToken cancellationToken) =>
        // What was created later cannot wait longer, so the index is read up to there.
        ReadAsync(
            $"""
            INDEXED BY open_by_id
            WHERE open = 1 AND id > {after?.ToString() ?? ""} AND id < {VerificationIds.FirstAt(since.AddMilliseconds(1))}
                AND waiting_since <= {since}
            ORDER BY id LIMIT {limit}
            """);

    public Task<IReadOnlyList<Verification>> ListSendingAsync(
        DateTimeOffset startedBefore, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            $"INDEXED BY sending WHERE state = 'sending' AND send_started_at <= {startedBefore} ORDER BY send_started_at LIMIT {limit}");

    public Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        Task.FromResult(Read(
            $"SELECT fingerprint, verification_id, send, created_at, answer FROM idempotency_keys WHERE hash = {hash}",
            row => new IdempotencyEntry(
                new IdempotencyKey(hash, row.GetString(0)),
                Guid.Parse(row.GetString(1)),
                row.GetInt32(2),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                row.IsDBNull(4) ? null : row.GetString(4))).SingleOrDefault());

    public Task SaveAnswerAsync(string hash, string answer, CancellationToken cancellationToken) => WriteAsync(
        $"UPDATE idempotency_keys SET answer = {answer} WHERE hash = {hash} AND answer IS NULL", cancellationToken);

    public Task<string?> GetNoteAsync(string name, CancellationToken cancellationToken) => Task.FromResult(
        Read($"SELECT value FROM notes WHERE name = {name}", static row => row.GetString(0)).SingleOrDefault());

    public Task SetNoteAsync(string name, string? value, CancellationToken cancellationToken) => WriteAsync(
        value is null
            ? (FormattableString)$"DELETE FROM notes WHERE name = {name}"
            : $"INSERT INTO notes (name, value) VALUES ({name}, {value}) ON CONFLICT (name) DO UPDATE SET value = {value}",
        cancellationToken);

    public Task TidyAsync(DateTimeOffset keysCreatedBefore, CancellationToken cancellationToken) => WriteAsync(
        $"DELETE FROM idempotency_keys WHERE created_at < {keysCreatedBefore}", cancellationToken);

    /// <summary>Completes what is queued; later writes and reads fail.</summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        writer.Join();
        disposed = true;
        ClearPool();
    }

    /// <summary>Queues a statement; it is durable when the task has completed.</summary>
    /// <param name="sql">Holds the record already serialized, so that the writer's thread does not have to.</param>
    /// <param name="cancellationToken">Cancels the write if it has not started.</param>
    /// <param name="record">The verification that it writes, with its new version; null for none, and then for no result.</param>
    /// <param name="key">The key of the request that writes it: both become durable together, or neither does.</param>
    private Task<WriteResult> WriteAsync(
        FormattableString sql, CancellationToken cancellationToken, Verification? record = null, IdempotencyEntry? key = null)
    {
        var write = new QueuedWrite(sql, record, key, new(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
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
            Execute(connection, $"PRAGMA synchronous = FULL");
            using var transaction = connection.BeginTransaction(deferred: false);
            begun = true;
            batch.RemoveAll(static write =>
                write.Cancelled.IsCancellationRequested && write.Completion.TrySetCanceled(write.Cancelled));
            var results = batch.ConvertAll(write => Run(connection, write));
            transaction.Commit();
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Completion.TrySetResult(results[i]);
            }
        }
        catch (Exception e)
        {
            ClearPool();
            // Nothing of it is stored. Each is tried alone, so that none fails because of another.
            batch.ForEach(begun && batch.Count > 1 ? write => Commit([write]) : write => write.Completion.TrySetException(e));
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

    /// <summary>Changes everything or nothing. Called again if the transaction that it shared with others failed.</summary>
    private static WriteResult Run(SqliteConnection connection, QueuedWrite write)
    {
        // Nobody else writes during the transaction.
        if (write.Key is { Key.Hash: var hash }
            && Read(connection, $"SELECT 1 FROM idempotency_keys WHERE hash = {hash}", static row => row.GetInt32(0)).Count > 0)
        {
            return new WriteResult.KeyTaken();
        }

        if (Execute(connection, write.Sql) == 0)
        {
            return new WriteResult.Conflict();
        }

        if (write.Key is { } key)
        {
            Execute(
                connection,
                $"""
                INSERT INTO idempotency_keys (hash, fingerprint, verification_id, send, created_at)
                VALUES ({key.Key.Hash}, {key.Key.Fingerprint}, {key.VerificationId}, {key.Send}, {key.CreatedAt})
                """);
        }

        return write.Record is { } record ? new WriteResult.Written(record) : null!;
    }

    /// <summary>Creates the database, or upgrades it.</summary>
    /// <returns>The connection string.</returns>
    /// <exception cref="InvalidDataException">The database was written by a newer version of the app.</exception>
    private static string Upgrade(string path, int busyTimeout)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = busyTimeout }.ToString());
        connection.Open();
        // Write-ahead logging is kept in the file; it cannot be switched on inside a transaction.
        Execute(connection, $"PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Read(connection, $"PRAGMA user_version", static row => row.GetInt32(0)).Single();
        if (version > SchemaVersion)
        {
            throw new InvalidDataException(
                $"The database has schema version {version}; this version of the app knows up to {SchemaVersion}. Use the newer app.");
        }

        if (version < SchemaVersion)
        {
            using var script = new StreamReader(typeof(SqliteVerificationStore).Assembly.GetManifestResourceStream("schema.sql")!);
            Execute(connection, FormattableStringFactory.Create(script.ReadToEnd()));
        }

        transaction.Commit();
        return connection.ConnectionString;
    }

    private static int Execute(SqliteConnection connection, FormattableString sql)
    {
        using var command = Command(connection, sql);
        return command.ExecuteNonQuery();
    }

    private Task<IReadOnlyList<Verification>> ReadAsync(FormattableString where) => Task.FromResult<IReadOnlyList<Verification>>(Read(
        FormattableStringFactory.Create($"SELECT document, version FROM verifications {where.Format}", where.GetArguments()),
        static row => VerificationJson.Read(row.GetString(0), row.GetInt64(1).ToString(CultureInfo.InvariantCulture))));

    private List<T> Read<T>(FormattableString sql, Func<SqliteDataReader, T> read)
    {
        using var connection = Open();
        return Read(connection, sql, read);
    }

    private static List<T> Read<T>(SqliteConnection connection, FormattableString sql, Func<SqliteDataReader, T> read)
    {
        using var command = Command(connection, sql);
        using var rows = command.ExecuteReader();
        var found = new List<T>();
        while (rows.Read())
        {
            found.Add(read(rows));
        }

        return found;
    }

    /// <summary>A command whose parameters are the interpolated values: none becomes part of the text.</summary>
    private static SqliteCommand Command(SqliteConnection connection, FormattableString sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = string.Format(CultureInfo.InvariantCulture, sql.Format, ParameterNames);
#pragma warning restore CA2100
        for (var i = 0; i < sql.ArgumentCount; i++)
        {
            command.Parameters.AddWithValue(ParameterNames[i], sql.GetArgument(i) switch
            {
                null => DBNull.Value,
                Guid id => id.ToString(),
                DateTimeOffset time => time.ToUnixTimeMilliseconds(),
                var value => value,
            });
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

    /// <summary>The unique index treats nulls as different; a target without a CEN or an owner is still one target.</summary>
    private static string Cen(CenTarget target) => target.CenId ?? "";

    private static long Owner(CenTarget target) => target.CenOwnerId?.Value ?? 0;

    private sealed record QueuedWrite(
        FormattableString Sql,
        Verification? Record,
        IdempotencyEntry? Key,
        TaskCompletionSource<WriteResult> Completion,
        CancellationToken Cancelled);
}
