namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Writes to a SQLite file, one transaction at a time, with all the writes in it that came while the one before was made durable. The disk
/// is asked once per transaction, and that takes longer than all the rest of it. Each write still fails or succeeds by itself, and is durable
/// when its task has ended.
/// </summary>
/// <param name="open">Opens the session that writes.</param>
internal sealed class SqliteWriter(Func<SqliteSession> open) : IDisposable
{
    private readonly Lock gate = new();

    /// <summary>Held while a transaction is made.</summary>
    private readonly Lock writing = new();

    private List<Write> waiting = [];
    private bool busy;
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
            waiting.Add(one);
            if (busy)
            {
                return one.Task;
            }

            busy = true;
        }

        // Nobody writes, so the caller does; who comes meanwhile is written next, by another thread.
        WriteWaiting();
        return one.Task;
    }

    /// <summary>Ends the session; what still waits is written by a new one.</summary>
    public void Dispose() => EndSession();

    private void WriteWaiting()
    {
        List<Write> batch;
        lock (gate)
        {
            (batch, waiting) = (waiting, []);
        }

        lock (writing)
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

        lock (gate)
        {
            busy = waiting.Count > 0;
            if (!busy)
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.WriteWaiting(), this, preferLocal: false);
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
        lock (writing)
        {
            var ended = session;
            session = null;
            ended?.Dispose();
        }
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
