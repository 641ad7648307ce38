using Microsoft.Data.Sqlite;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>The tables, and the steps that lead to them from each earlier version.</summary>
internal static class SqliteSchema
{
    /// <summary>One script per version; a database of version n has run the first n.</summary>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE verifications (
            id              TEXT    NOT NULL PRIMARY KEY,
            region_id       TEXT    NOT NULL,
            cen_id          TEXT    NOT NULL,
            cen_owner_id    INTEGER NOT NULL,
            state           TEXT    NOT NULL,
            open            INTEGER NOT NULL,
            send_started_at INTEGER NOT NULL,
            waiting_since   INTEGER NOT NULL,
            version         INTEGER NOT NULL,
            document        TEXT    NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX one_open_per_target ON verifications (region_id, cen_id, cen_owner_id) WHERE open = 1;
        CREATE INDEX open_by_id ON verifications (id, waiting_since) WHERE open = 1;
        CREATE INDEX sending ON verifications (send_started_at) WHERE state = 'sending';
        CREATE INDEX by_state ON verifications (state, id);
        CREATE INDEX by_region ON verifications (region_id, id);
        CREATE TABLE idempotency_keys (
            hash            TEXT    NOT NULL PRIMARY KEY,
            fingerprint     TEXT    NOT NULL,
            verification_id TEXT    NOT NULL,
            send            INTEGER NOT NULL,
            created_at      INTEGER NOT NULL,
            answer          TEXT
        ) STRICT;
        CREATE INDEX keys_by_age ON idempotency_keys (created_at);
        """,
        """
        CREATE UNIQUE INDEX one_open_per_ref ON verifications (substr(id, 29)) WHERE open = 1;
        """,
        """
        CREATE TABLE notes (
            name  TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
        """,
    ];

    /// <summary>Creates the database, or upgrades it.</summary>
    /// <returns>The connection string.</returns>
    /// <exception cref="InvalidDataException">The database was written by a newer version of the app.</exception>
    public static string Upgrade(string path, int busyTimeout)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = busyTimeout }.ToString();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        // Write-ahead logging is kept in the file; it cannot be switched on inside a transaction.
        command.CommandText = "PRAGMA journal_mode = WAL";
        command.ExecuteNonQuery();
        using var transaction = connection.BeginTransaction(deferred: false);
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version > Steps.Length)
        {
            throw new InvalidDataException(
                $"The database has schema version {version}; this version of the app knows up to {Steps.Length}. Use the newer app.");
        }

        for (; version < Steps.Length; version++)
        {
            // The scripts are constants of this class.
#pragma warning disable CA2100
            command.CommandText = $"{Steps[version]}; PRAGMA user_version = {version + 1}";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        transaction.Commit();
        return connectionString;
    }
}
