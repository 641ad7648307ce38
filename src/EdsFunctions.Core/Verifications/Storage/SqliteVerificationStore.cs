using System.Collections.Concurrent;
using EdsFunctions.Core.Alibaba;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Verifications in a SQLite file: the embedded default. Write-ahead logging and <c>synchronous=FULL</c>, so that a committed write
/// survives a power cut; a partial unique index keeps one open verification per target.
/// </summary>
public sealed class SqliteVerificationStore : IVerificationStore, IDisposable
{
    private readonly string path;
    private readonly string connectionString;
    private readonly Lock gate = new();
    private readonly SqliteWriter writer;
    private readonly ConcurrentBag<SqliteSession> readers = [];

    private bool upgraded;
    private volatile bool disposed;

    /// <param name="path">The database file; it and its folder are created where they are missing.</param>
    public SqliteVerificationStore(string path)
    {
        this.path = path;
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ToString();
        writer = new SqliteWriter(Open);
    }

    /// <inheritdoc/>
    public string Description => $"SQLite, {path}";

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        // A transaction that could write finds a file that takes no writes.
        writer.RunAsync(static _ => true, cancellationToken);

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public Task<WriteResult> UpdateAsync(Verification verification, IdempotencyEntry? key, CancellationToken cancellationToken) =>
        WriteAsync(
            // SQLite writes the entry of every index that a column named here is part of, changed or not. What stays open stays in the two
            // indexes whose entries lie apart, by target and by reference: without their pages a transaction of nine writes has 21, not 25.
            verification.IsOpen
                ? """
                  UPDATE verifications
                  SET state = $state, send_started_at = $sendStartedAt, waiting_since = $waitingSince, version = $version, document = $document
                  WHERE id = $id AND version = $version - 1 AND open = 1
                  """
                : """
                  UPDATE verifications
                  SET state = $state, open = 0, send_started_at = $sendStartedAt, waiting_since = $waitingSince, version = $version,
                      document = $document
                  WHERE id = $id AND version = $version - 1
                  """,
            verification,
            key,
            version: 1 + StoredVersion(verification),
            cancellationToken);

    /// <inheritdoc/>
    public Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(Read("WHERE id = $id", ("$id", id.ToString())).SingleOrDefault());

    /// <inheritdoc/>
    public Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken) =>
        Task.FromResult(Read(
            "WHERE region_id = $region AND cen_id = $cen AND cen_owner_id = $owner AND open = 1",
            ("$region", target.RegionId),
            ("$cen", Cen(target)),
            ("$owner", Owner(target))).SingleOrDefault());

    /// <inheritdoc/>
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

    /// <inheritdoc/>
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

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public Task<IReadOnlyList<Verification>> ListSendingAsync(
        DateTimeOffset startedBefore, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Verification>>(Read(
            "INDEXED BY sending WHERE state = 'sending' AND send_started_at <= $before ORDER BY send_started_at LIMIT $limit",
            ("$before", startedBefore.ToUnixTimeMilliseconds()),
            ("$limit", limit)));

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public Task SaveAnswerAsync(string hash, string answer, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "UPDATE idempotency_keys SET answer = $answer WHERE hash = $hash AND answer IS NULL",
            [("$hash", hash), ("$answer", answer)],
            cancellationToken);

    /// <inheritdoc/>
    public Task<string?> GetNoteAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(
            Read("SELECT value FROM notes WHERE name = $name", static row => row.GetString(0), ("$name", name)).SingleOrDefault());

    /// <inheritdoc/>
    public Task SetNoteAsync(string name, string? value, CancellationToken cancellationToken) => value is null
        ? ExecuteAsync("DELETE FROM notes WHERE name = $name", [("$name", name)], cancellationToken)
        : ExecuteAsync(
            "INSERT INTO notes (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = $value",
            [("$name", name), ("$value", value)],
            cancellationToken);

    /// <inheritdoc/>
    public Task TidyAsync(DateTimeOffset keysCreatedBefore, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "DELETE FROM idempotency_keys WHERE created_at < $before",
            [("$before", keysCreatedBefore.ToUnixTimeMilliseconds())],
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        writer.Dispose();
        disposed = true;
        EndReaders();
    }

    private void EndReaders()
    {
        while (readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    /// <summary>The verification and the key of the request that wrote it become durable together, or neither does.</summary>
    private Task<WriteResult> WriteAsync(
        string sql, Verification verification, IdempotencyEntry? key, long version, CancellationToken cancellationToken)
    {
        // Outside of the turn, for which others wait.
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
        return writer.RunAsync<WriteResult>(
            session =>
            {
                if (key is null)
                {
                    return session.Execute(sql, row) == 1 ? written : new WriteResult.Conflict();
                }

                session.Execute("SAVEPOINT one");
                WriteResult result =
                    Insert(session, key) == 0 ? new WriteResult.KeyTaken()
                    : session.Execute(sql, row) == 0 ? new WriteResult.Conflict()
                    : written;
                if (result is not WriteResult.Written)
                {
                    session.Execute("ROLLBACK TO one");
                }

                session.Execute("RELEASE one");
                return result;
            },
            cancellationToken);
    }

    private static long StoredVersion(Verification verification) => long.Parse(
        verification.Version ?? throw new ArgumentException("It was never stored.", nameof(verification)),
        CultureInfo.InvariantCulture);

    private Task<int> ExecuteAsync(string sql, (string, object)[] parameters, CancellationToken cancellationToken) =>
        writer.RunAsync(session => session.Execute(sql, parameters), cancellationToken);

    /// <returns>How many rows: none where there is one with the key.</returns>
    private static int Insert(SqliteSession session, IdempotencyEntry key) => session.Execute(
        """
        INSERT INTO idempotency_keys (hash, fingerprint, verification_id, send, created_at)
        VALUES ($hash, $fingerprint, $id, $send, $now)
        ON CONFLICT DO NOTHING
        """,
        ("$hash", key.Key.Hash),
        ("$fingerprint", key.Key.Fingerprint),
        ("$id", key.VerificationId.ToString()),
        ("$send", key.Send),
        ("$now", key.CreatedAt.ToUnixTimeMilliseconds()));

    private List<Verification> Read(string where, params ReadOnlySpan<(string Name, object Value)> parameters) => Read(
        $"SELECT document, version FROM verifications {where}",
        static row => VerificationJson.Read(row.GetString(0), row.GetInt64(1).ToString(CultureInfo.InvariantCulture)),
        parameters);

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!readers.TryTake(out var session))
        {
            session = Open();
        }

        var found = new List<T>();
        try
        {
            using var rows = session.Query(sql, parameters);
            while (rows.Read())
            {
                found.Add(read(rows));
            }
        }
        catch
        {
            session.Dispose();
            throw;
        }

        readers.Add(session);
        if (disposed)
        {
            EndReaders();
        }

        return found;
    }

    private SqliteSession Open()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new SqliteSession(connectionString, Upgrade);
    }

    private void Upgrade(SqliteConnection connection)
    {
        lock (gate)
        {
            if (!upgraded)
            {
                SqliteSchema.Upgrade(connection);
                upgraded = true;
            }
        }
    }

    /// <summary>The unique index treats nulls as different; a target without a CEN or an owner is still one target.</summary>
    private static string Cen(CenTarget target) => target.CenId ?? "";

    private static long Owner(CenTarget target) => target.CenOwnerId?.Value ?? 0;
}
