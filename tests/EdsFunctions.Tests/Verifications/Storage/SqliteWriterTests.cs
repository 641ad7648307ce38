using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>Writes that wait for one another share a transaction, and nothing else.</summary>
public sealed class SqliteWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteWriter writer;

    public SqliteWriterTests()
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; CREATE TABLE numbers (n INTEGER NOT NULL)";
        command.ExecuteNonQuery();
        writer = new SqliteWriter(() => new SqliteSession(ConnectionString, _ => { }));
    }

    private string ConnectionString => $"Data Source={folder.File("numbers.db")};Pooling=False;Default Timeout=1";

    [Fact]
    public async Task What_waits_is_made_durable_together()
    {
        var first = Task.FromResult(0);
        var firstWasDurable = true;
        await using (Busy.With(writer))
        {
            first = AddAsync(1);
            _ = AddAsync(2, () => firstWasDurable = first.IsCompleted);
        }

        await AddAsync(3);
        Assert.False(firstWasDurable);
        Assert.Equal(1, await first.SoonAsync());
        Assert.Equal([1, 2, 3], Numbers());
    }

    [Fact]
    public async Task What_fails_fails_alone()
    {
        Task<int>[] writes = [];
        await using (Busy.With(writer))
        {
            writes = [AddAsync(1), AddAsync(2, () => throw new InvalidDataException("no")), AddAsync(3)];
        }

        Assert.Equal(1, await writes[0].SoonAsync());
        await Assert.ThrowsAsync<InvalidDataException>(() => writes[1].SoonAsync());
        Assert.Equal(3, await writes[2].SoonAsync());
        Assert.Equal([1, 3], Numbers());
    }

    [Fact]
    public async Task Who_gives_up_while_he_waits_has_written_nothing()
    {
        using var gaveUp = new CancellationTokenSource();
        Task<int>[] writes = [];
        await using (Busy.With(writer))
        {
            writes = [AddUnlessAsync(1, before: null, gaveUp.Token), AddAsync(2)];
            await gaveUp.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writes[0].SoonAsync());
        Assert.Equal(2, await writes[1].SoonAsync());
        Assert.Equal([2], Numbers());
    }

    [Fact]
    public async Task Where_another_process_keeps_the_file_all_fail_after_one_wait_and_the_next_are_written()
    {
        Task<int>[] writes = [];
        using (var other = new SqliteConnection(ConnectionString))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            // The first to come wait for the file; who comes meanwhile waits for them, and then for the file.
            writes = [.. Enumerable.Range(0, 8).Select(n => AddAsync(n))];
            foreach (var write in writes)
            {
                await Assert.ThrowsAsync<SqliteException>(() => write.SoonAsync());
            }
        }

        Assert.Equal(9, await AddAsync(9).SoonAsync());
        Assert.Equal([9], Numbers());
    }

    [Fact]
    public async Task What_waits_at_its_end_is_written_and_what_comes_later_is_refused()
    {
        Task<int>[] writes = [];
        var end = Task.CompletedTask;
        await using (Busy.With(writer))
        {
            writes = [AddAsync(1), AddAsync(2)];
            end = Task.Run(writer.Dispose, TestContext.Current.CancellationToken);
            Assert.False(end.IsCompleted);
        }

        await end.SoonAsync();
        Assert.Equal(1, await writes[0].SoonAsync());
        Assert.Equal(2, await writes[1].SoonAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AddAsync(3).SoonAsync());
        Assert.Equal([1, 2], Numbers());
    }

    public void Dispose()
    {
        writer.Dispose();
        folder.Dispose();
    }

    private Task<int> AddAsync(int number, Action? before = null) =>
        AddUnlessAsync(number, before, TestContext.Current.CancellationToken);

    private Task<int> AddUnlessAsync(int number, Action? before, CancellationToken gaveUp) => writer.RunAsync(
        session =>
        {
            before?.Invoke();
            session.Execute("INSERT INTO numbers (n) VALUES ($n)", ("$n", number));
            return number;
        },
        gaveUp);

    private List<int> Numbers()
    {
        using var session = new SqliteSession(ConnectionString, _ => { });
        using var rows = session.Query("SELECT n FROM numbers ORDER BY n");
        var numbers = new List<int>();
        while (rows.Read())
        {
            numbers.Add(rows.GetInt32(0));
        }

        return numbers;
    }

    /// <summary>A write that lasts until it is disposed.</summary>
    private sealed class Busy : IAsyncDisposable
    {
        private readonly ManualResetEventSlim begun = new();
        private readonly ManualResetEventSlim ending = new();
        private Task write = Task.CompletedTask;

        public static Busy With(SqliteWriter writer)
        {
            var busy = new Busy();
            busy.write = Task.Run(() => writer.RunAsync(
                _ =>
                {
                    busy.begun.Set();
                    busy.ending.Wait();
                    return true;
                },
                CancellationToken.None));
            busy.begun.Wait(TestContext.Current.CancellationToken);
            return busy;
        }

        public async ValueTask DisposeAsync()
        {
            ending.Set();
            await write.SoonAsync();
            begun.Dispose();
            ending.Dispose();
        }
    }
}
