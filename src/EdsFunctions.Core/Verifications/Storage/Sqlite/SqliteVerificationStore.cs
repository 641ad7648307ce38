using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdsFunctions.Core.Alibaba;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Stores verifications in a SQLite file. With write-ahead logging and <c>synchronous=FULL</c>, a committed write
/// survives a power failure. A partial unique index allows one open verification per target. One thread commits all
/// queued writes in one transaction, because most of the time of a commit is the flush to the disk.
/// </summary>
public sealed class SqliteVerificationStore : IVerificationStore, IDisposable
{
    /// <summary>The version of the database schema: the <c>user_version</c> that schema.sql sets.</summary>
    private const int SchemaVersion = 6;

    private static readonly string[] ParameterNames = [.. Enumerable.Range(0, 16).Select(i => $"$p{i}")];

    private readonly string path;
    private readonly TimeProvider time;
    private readonly RecordReader records;
    private readonly Lazy<string> connectionString;
    private readonly Channel<QueuedWrite> queue = Channel.CreateUnbounded<QueuedWrite>();
    private readonly Thread writer;

    private volatile bool disposed;

    /// <param name="path">The database file. If the file or its folder does not exist, the store creates it.</param>
    /// <param name="time">The clock of this machine.</param>
    /// <param name="records">Reads records for list queries.</param>
    /// <param name="busyTimeout">How many seconds a write waits for another process that has locked the file.</param>
    internal SqliteVerificationStore(string path, TimeProvider time, RecordReader records, int busyTimeout = 10)
    {
        (this.path, this.time, this.records) = (path, time, records);
        Description = $"SQLite, {path}";
        // If the database cannot be created or upgraded, the next use of the store tries again.
        connectionString = new(() => Upgrade(path, busyTimeout), LazyThreadSafetyMode.PublicationOnly);
        // The writer has a thread of its own, because it waits for the disk, which would block a thread of the pool.
        writer = new Thread(WriteAll) { Name = "SQLite writer", IsBackground = true };
        writer.UnsafeStart();
    }

    public string Description { get; }

    public DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>Zero, because this store uses the clock of the machine.</summary>
    public TimeSpan ClockDifference => TimeSpan.Zero;

    public Task CheckAsync(CancellationToken cancellationToken) =>
        // Begin a write transaction without a write, to find out whether the file is read-only.
        ExecuteAsync();

    public async Task<WriteResult> WriteAsync(StoreWrite write)
    {
        var verification = write.Verification;
        var version = VersionAfter(verification.Version);
        // Serialize the record on the caller's thread, because only one thread writes.
        var document = VerificationJson.Write(verification);
        var (target, state, open) = (verification.Target, verification.State.Name(), verification.IsOpen);
        List<FormattableString> statements = [];
        statements.Add(verification.Version is null
            ? (FormattableString)$"""
                INSERT INTO verifications (id, region_id, cen_id, cen_owner_id, state, open, version, document)
                VALUES
                    ({verification.Id}, {target.RegionId}, {Cen(target)}, {Owner(target.CenOwnerId)}, {state}, {open},
                    {version}, {document})
                ON CONFLICT DO NOTHING
                """
                : $"""
                UPDATE verifications
                SET state = {state}, open = {open}, version = {version}, document = {document}
                WHERE id = {verification.Id} AND version = {version - 1}
                """);
        if (write.Key is { } key)
        {
            statements.Add(key.Version is null
                ? (FormattableString)$"""
                INSERT INTO idempotency_keys (hash, fingerprint, verification_id, send, created_at)
                VALUES ({key.Key.Hash}, {key.Key.Fingerprint}, {key.VerificationId}, {key.Send}, {key.CreatedAt})
                ON CONFLICT DO NOTHING
                """
                : $"""
                UPDATE idempotency_keys
                SET verification_id = {key.VerificationId}, send = {key.Send},
                    created_at = {key.CreatedAt}, answer = NULL
                WHERE hash = {key.Key.Hash} AND verification_id || '/' || send = {key.Version} AND answer IS NULL
                """);
        }

        if (write.Owner is { } owner)
        {
            var sends = VersionAfter(owner.Version);
            statements.Add(owner.Version is null
                ? (FormattableString)$"""
                INSERT INTO owner_sends (owner, sends, version, changed_at)
                VALUES ({Owner(owner.Owner)}, {owner.ToJson()}, {sends}, {UtcNow})
                ON CONFLICT DO NOTHING
                """
                : $"""
                UPDATE owner_sends SET sends = {owner.ToJson()}, version = {sends}, changed_at = {UtcNow}
                WHERE owner = {Owner(owner.Owner)} AND version = {sends - 1}
                """);
        }

        return await EnqueueAsync(statements, allOrNothing: true)
            ? new WriteResult.Written(verification with { Version = Version(version), WasClosed = !open })
            : new WriteResult.Conflict();
    }

    public Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(ReadOne($"WHERE id = {id}"));

    public Task<TargetState> GetTargetAsync(CenTarget target, CancellationToken cancellationToken) =>
        // Order by rowid, because the order of ids follows the clock, which may have been set back.
        Task.FromResult(ReadOne(
            $"""
            WHERE region_id = {target.RegionId} AND cen_id = {Cen(target)} AND cen_owner_id = {Owner(target.CenOwnerId)}
            ORDER BY open DESC, rowid DESC LIMIT 1
            """) switch
        {
            null => new TargetState(),
            { IsOpen: true } open => new TargetState(open),
            var closed => new TargetState(LastId: closed.Id, LastMailAt: closed.LastMailAt),
        });

    public Task<OwnerSends> GetOwnerSendsAsync(
        AccountId? owner, CancellationToken cancellationToken) => Task.FromResult(
        Read(
            $"SELECT sends, version FROM owner_sends WHERE owner = {Owner(owner)}",
            row => OwnerSends.FromJson(owner, row.GetString(0), Version(row.GetInt64(1))))
        .SingleOrDefault(OwnerSends.FromJson(owner, json: null, version: null)));

    public Task<IReadOnlyList<StoredVerification>> FindByRefAsync(
        string prefix, int limit, CancellationToken cancellationToken)
    {
        var end = prefix + VerificationIds.AfterDigits;
        return Task.FromResult<IReadOnlyList<StoredVerification>>(
        [
            .. List(
                $"""
                INDEXED BY one_open_per_ref WHERE open = 1 AND substr(id, 29) >= {prefix} AND substr(id, 29) < {end}
                ORDER BY substr(id, 29) LIMIT {limit}
                """)
            .Concat(List(
                $"""
                INDEXED BY by_closing
                WHERE open = 0 AND json_extract(document, '$.closedAt') >= {Text(UtcNow - IdempotencyKey.KeptFor)}
                    AND substr(id, 29) >= {prefix} AND substr(id, 29) < {end}
                ORDER BY substr(id, 29) LIMIT {limit}
                """))
            .Take(limit),
        ]);
    }

    public Task<IReadOnlyList<StoredVerification>> ListAsync(
        VerificationQuery query, CancellationToken cancellationToken)
    {
        // Add only the conditions that are needed, so that SQLite can use an index.
        var where = (query.IsOpenOnly ? "INDEXED BY open_by_id WHERE open = 1 AND id > {0}" : "WHERE id > {0}")
            + query switch
            {
                { IsOpenOnly: true } => $" AND state NOT IN ({QuoteNames(query.OtherStates)})",
                { States: { } states } => $" AND state IN ({QuoteNames(states)})",
                _ => "",
            }
            + (query.RegionId is null ? "" : " AND region_id = {1}")
            + (query.CreatedBefore is null ? "" : " AND id < {2}")
            + " ORDER BY id LIMIT {3}";
        return ListAsync(FormattableStringFactory.Create(
            where,
            query.After?.ToString() ?? "",
            query.RegionId,
            query.CreatedBefore is { } before ? VerificationIds.GetLowerBound(before) : null,
            query.Limit));
    }

    public Task<IReadOnlyList<StoredVerification>> ListCurrentAsync(
        Guid? after, int limit, CancellationToken cancellationToken)
    {
        var from = after?.ToString() ?? "";
        return Task.FromResult<IReadOnlyList<StoredVerification>>(
        [
            .. List($"INDEXED BY open_by_id WHERE open = 1 AND id > {from} ORDER BY id LIMIT {limit}")
            .Concat(List(
                $"""
                INDEXED BY by_closing
                WHERE open = 0 AND json_extract(document, '$.closedAt') >= {Text(UtcNow - IdempotencyKey.KeptFor)}
                    AND state = 'failed' AND id > {from}
                ORDER BY id LIMIT {limit}
                """))
            .OrderBy(one => one.Id.ToString(), StringComparer.Ordinal).Take(limit),
        ]);
    }

    public Task<IdempotencyEntry?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        Task.FromResult(Read(
            $"SELECT fingerprint, verification_id, send, created_at, answer FROM idempotency_keys WHERE hash = {hash}",
            row => new IdempotencyEntry(
                new IdempotencyKey(hash, row.GetString(0)),
                Guid.Parse(row.GetString(1)),
                row.GetInt32(2),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                row.IsDBNull(4) ? null : row.GetString(4),
                $"{row.GetString(1)}/{row.GetInt32(2)}")).SingleOrDefault());

    public Task SaveResponseAsync(IdempotencyKey key, string response) => ExecuteAsync(
        $"""
        UPDATE idempotency_keys SET answer = {response}
        WHERE hash = {key.Hash} AND fingerprint = {key.Fingerprint} AND answer IS NULL
        """);

    public Task<string?> GetMarkerAsync(string name, CancellationToken cancellationToken) => Task.FromResult(
        Read($"SELECT value FROM notes WHERE name = {name}", static row => row.GetString(0)).SingleOrDefault());

    public Task SetMarkerAsync(string name, string? value, CancellationToken cancellationToken) => ExecuteAsync(
        value is null
            ? (FormattableString)$"DELETE FROM notes WHERE name = {name}"
            : $"""
            INSERT INTO notes (name, value) VALUES ({name}, {value})
            ON CONFLICT (name) DO UPDATE SET value = {value}
            """);

    public Task CleanUpAsync(
        DateTimeOffset keysBefore, DateTimeOffset? closedBefore, CancellationToken cancellationToken) => ExecuteAsync(
        // Without closedBefore, the times are compared with an empty string. No time sorts before it, so no
        // verification is deleted.
        $"DELETE FROM idempotency_keys WHERE created_at < {keysBefore}",
        $"DELETE FROM owner_sends WHERE changed_at < {keysBefore}",
        $"""
        DELETE FROM verifications
        WHERE open = 0 AND json_extract(document, '$.closedAt') < {(closedBefore is { } before ? Text(before) : "")}
        """);

    /// <summary>Commits the queued writes. Later reads and writes throw.</summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        writer.Join();
        disposed = true;
        ClearPool();
    }

    private async Task ExecuteAsync(
        params FormattableString[] statements) => await EnqueueAsync(statements, allOrNothing: false);

    /// <summary>
    /// Queues SQL statements for the writer's thread. Their changes are durable when the task has completed.
    /// </summary>
    /// <param name="statements">The SQL statements, with serialized records as arguments.</param>
    /// <param name="allOrNothing">Whether the changes are rolled back if one of the statements changes no row.</param>
    /// <returns>Whether the changes were made.</returns>
    private Task<bool> EnqueueAsync(IReadOnlyList<FormattableString> statements, bool allOrNothing)
    {
        var write = new QueuedWrite(statements, allOrNothing, new(TaskCreationOptions.RunContinuationsAsynchronously));
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
        var isStarted = false;
        try
        {
            using var connection = Open();
            Execute(connection, $"PRAGMA synchronous = FULL");
            using var transaction = connection.BeginTransaction(deferred: false);
            isStarted = true;
            var results = batch.ConvertAll(write => Run(connection, transaction, write));
            transaction.Commit();
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Completion.TrySetResult(results[i]);
            }
        }
        catch (Exception e)
        {
            ClearPool();
            // The transaction failed, so nothing is stored. Retry each write alone, so that no write fails because of
            // another.
            batch.ForEach(isStarted && batch.Count > 1
                ? write => Commit([write])
                : write => write.Completion.TrySetException(IsUnavailable(e) ? new StoreUnavailableException(e) : e));
        }
    }

    /// <summary>Closes the pooled connections, because they may stay unusable after an error of the file.</summary>
    private void ClearPool()
    {
        if (connectionString.IsValueCreated)
        {
            using var connection = new SqliteConnection(connectionString.Value);
            SqliteConnection.ClearPool(connection);
        }
    }

    /// <summary>
    /// Runs one write within the transaction that several writes share. Rolls this write back if it fails or conflicts.
    /// </summary>
    private static bool Run(SqliteConnection connection, SqliteTransaction transaction, QueuedWrite write)
    {
        const string Savepoint = "write";
        transaction.Save(Savepoint);
        foreach (var statement in write.Statements)
        {
            if (Execute(connection, statement) == 0 && write.AllOrNothing)
            {
                transaction.Rollback(Savepoint);
                return false;
            }
        }

        transaction.Release(Savepoint);
        return true;
    }

    /// <summary>Creates the database, or upgrades the schema of an existing one.</summary>
    /// <returns>The connection string.</returns>
    /// <exception cref="InvalidDataException">The database was written by a newer version of the app.</exception>
    private static string Upgrade(string path, int busyTimeout)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = busyTimeout }.ToString());
        connection.Open();
        // SQLite stores the journal mode in the file. SQLite cannot change the mode in a transaction.
        Execute(connection, $"PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Read(connection, $"PRAGMA user_version", static row => row.GetInt32(0)).Single();
        if (version > SchemaVersion)
        {
            throw new InvalidDataException(
                $"The database has schema version {version}; this version of the app supports up to {SchemaVersion}. " +
                "Use the newer version.");
        }

        if (version is > 0 and < 6)
        {
            // Drop the columns that only older versions of the app used. New rows would have no values for them.
            Execute(
                connection,
                $"""
                DROP INDEX IF EXISTS open_by_id;
                DROP INDEX IF EXISTS sending;
                ALTER TABLE verifications DROP COLUMN send_started_at;
                ALTER TABLE verifications DROP COLUMN waiting_since
                """);
        }

        if (version < SchemaVersion)
        {
            using var script = new StreamReader(
                typeof(SqliteVerificationStore).Assembly.GetManifestResourceStream("schema.sql")!);
            Execute(connection, FormattableStringFactory.Create(script.ReadToEnd()));
        }

        transaction.Commit();
        // Open existing files only. If the file was deleted or unmounted since, a new file would hide the records.
        return new SqliteConnectionStringBuilder(connection.ConnectionString)
        {
            Mode = SqliteOpenMode.ReadWrite,
        }.ToString();
    }

    private static int Execute(SqliteConnection connection, FormattableString sql)
    {
        using var command = Command(connection, sql);
        return command.ExecuteNonQuery();
    }

    private Task<IReadOnlyList<StoredVerification>> ListAsync(FormattableString where) =>
        Task.FromResult<IReadOnlyList<StoredVerification>>([.. List(where)]);

    private IEnumerable<StoredVerification> List(FormattableString where) =>
        ReadRows(where).Select(row => records.Read(row.Id, row.Document, row.Version));

    private Verification? ReadOne(FormattableString where) =>
        ReadRows(where) is [var row] ? VerificationJson.Read(row.Id, row.Document, row.Version) : null;

    private List<(Guid Id, string Document, string Version)> ReadRows(FormattableString where) => Read(
        FormattableStringFactory.Create(
            $"SELECT id, document, version FROM verifications {where.Format}", where.GetArguments()),
        static row => (Guid.Parse(row.GetString(0)), row.GetString(1), Version(row.GetInt64(2))));

    private List<T> Read<T>(FormattableString sql, Func<SqliteDataReader, T> read)
    {
        try
        {
            using var connection = Open();
            return Read(connection, sql, read);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw new StoreUnavailableException(e);
        }
    }

    private static bool IsUnavailable(Exception e) =>
        e is SqliteException or IOException or UnauthorizedAccessException;

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

    /// <summary>Creates an SQL command. The interpolated values become parameters.</summary>
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
        if (!File.Exists(path))
        {
            // The file was deleted. Pooled connections would still write to the deleted file, and the records would be
            // lost when the process ends.
            ClearPool();
        }

        connection.Open();
        return connection;
    }

    private static long VersionAfter(string? version) =>
        version is null ? 1 : long.Parse(version, CultureInfo.InvariantCulture) + 1;

    private static string Version(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Formats a time as the stored JSON does. The order of these strings is the order of the times.</summary>
    private static string Text(DateTimeOffset time) => JsonSerializer.Serialize(time.ToUniversalTime()).Trim('"');

    private static string QuoteNames(IEnumerable<VerificationState> states) =>
        string.Join(", ", states.Select(state => $"'{state.Name()}'"));

    /// <summary>
    /// The CEN for the unique index. A missing CEN is an empty string, because SQLite's index treats nulls as
    /// different.
    /// </summary>
    private static string Cen(CenTarget target) => target.CenId ?? "";

    private static long Owner(AccountId? owner) => owner?.Value ?? 0;

    private sealed record QueuedWrite(
        IReadOnlyList<FormattableString> Statements, bool AllOrNothing, TaskCompletionSource<bool> Completion);
}
