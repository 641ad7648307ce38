using Microsoft.Data.Sqlite;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>A connection to a SQLite file that keeps its statements prepared: it is for one caller at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> commands = [];

    /// <param name="connectionString">Without pooling: who opens a session keeps it.</param>
    /// <param name="prepare">Looks after the file before its first use.</param>
    public SqliteSession(string connectionString, Action<SqliteConnection> prepare)
    {
        connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            prepare(connection);
            Execute("PRAGMA synchronous = FULL");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Command(sql, parameters).ExecuteNonQuery();

    /// <summary>The caller disposes the reader, so that the statement can be used again.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Command(sql, parameters).ExecuteReader();

    /// <summary>Ends the connection, and with it a transaction that was not committed.</summary>
    public void Dispose()
    {
        foreach (var command in commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    /// <param name="sql">Put together from constants; the same text has the same parameters in the same order.</param>
    /// <param name="parameters">What varies.</param>
    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, _) in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value;
        }

        return command;
    }
}
