namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Writes to a SQLite file, one transaction at a time, with all the writes in it that came while the one before was made durable. The disk
/// is asked once per transaction, and that takes longer than all the rest of it. Each write still fails or succeeds by itself, and is durable
/// when its task has ended. A thread of its own writes: it stands still for the disk most of the time, and a thread of the pool that stood
/// still instead would be missed by the requests.
/// </summary>
/// <param name="open">Opens the session that writes.</param>
internal sealed class SqliteWriter(Func<SqliteSession> open) : IDisposable
{
    /// <summary>A monitor, since the thread waits on it.</summary>
    private readonly object gate = new();

    private List<Write> waiting = [];
    private Thread? thread;
    private bool ended;

    /// <summary>Used by the thread, and after its end by who ends it.</summary>
    private SqliteSession? session;

    /// <summary>Adds a write to the next transaction.</summary>
    /// <param name="write">
    /// Changes all of what it changes, or nothing. Called again, in a transaction of its own, where the one with others failed.
    /// </param>
    /// <param name="cancellationToken">Gives up while it waits for its turn.</param>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken)
    {
        var one = new Write<T>(write, cancellationToken);
        lock (gate)
        {
            if (ended)
            {
                return Task.FromException<T>(new ObjectDisposedException(nameof(SqliteWriter)));
            }

            waiting.Add(one);
            if (thread is null)
            {
                thread = new Thread(WriteAll) { Name = "SQLite writer", IsBackground = true };
                // Without the context of whoever came first, such as the activity of his request.
                thread.UnsafeStart();
            }
            else if (waiting.Count == 1)
            {
                Monitor.Pulse(gate);
            }
        }

        return one.Task;
    }

    /// <summary>Returns once what waits has been written, and the session ended; what comes later is refused.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            Monitor.Pulse(gate);
        }

        thread?.Join();
        EndSession();
    }

    private void WriteAll()
    {
        while (TakeWaiting() is { Count: > 0 } batch)
        {
            try
            {
                batch.RemoveAll(write => write.IsGivenUp());
                WriteTogether(batch);
            }
            catch (Exception e)
            {
                // Such as a session that cannot be ended: whatever it is, nobody waits for ever, and the next are written.
                batch.ForEach(write => write.Fail(e));
            }
        }
    }

    /// <summary>Waits until there is something to write.</summary>
    /// <returns>All that waits; nothing once this has ended.</returns>
    private List<Write> TakeWaiting()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !ended)
            {
                Monitor.Wait(gate);
            }

            (var batch, waiting) = (waiting, []);
            return batch;
        }
    }

    private void WriteTogether(List<Write> batch)
    {
        try
        {
            session ??= open();
            session.Execute("BEGIN IMMEDIATE");
        }
        catch (Exception e)
        {
            EndSession();
            batch.ForEach(write => write.Fail(e));
            return;
        }

        try
        {
            foreach (var write in batch)
            {
                write.Run(session);
            }

            session.Execute("COMMIT");
        }
        catch (Exception e)
        {
            // Nothing of it is on record. Each is tried alone, so that none fails for another's sake.
            EndSession();
            if (batch.Count == 1)
            {
                batch[0].Fail(e);
                return;
            }

            batch.ForEach(write => WriteTogether([write]));
            return;
        }

        batch.ForEach(write => write.Succeed());
    }

    private void EndSession()
    {
        var over = session;
        session = null;
        over?.Dispose();
    }

    private abstract class Write
    {
        public abstract bool IsGivenUp();

        public abstract void Run(SqliteSession session);

        public abstract void Succeed();

        public abstract void Fail(Exception exception);
    }

    private sealed class Write<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken) : Write
    {
        private readonly TaskCompletionSource<T> task = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;

        public Task<T> Task => task.Task;

        public override bool IsGivenUp() => cancellationToken.IsCancellationRequested && task.TrySetCanceled(cancellationToken);

        public override void Run(SqliteSession session) => result = write(session);

        public override void Succeed() => task.TrySetResult(result!);

        public override void Fail(Exception exception) => task.TrySetException(exception);
    }
}
