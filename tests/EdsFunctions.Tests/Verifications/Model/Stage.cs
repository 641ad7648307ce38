namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// Runs one operation at a time, all on one thread: until it ends, stops, or waits, and if it waits, its next timer fires. So a
/// sequence has one outcome, however busy the machine is.
/// </summary>
internal sealed class Stage
{
    /// <summary>No operation comes near it; one that waits for something unknown does not hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The time that has passed.</summary>
    public TimeSpan Passed { get; set; }

    /// <summary>How far the clock is behind.</summary>
    public TimeSpan Behind { get; set; }

    public Operation Current { get; private set; } = new(new Step.Report(ListDenied: false, Stop: null));

    /// <summary>The CEN that each office network is attached to; null for none.</summary>
    public string?[] Offices { get; } = new string?[Step.Sites];

    public Promises Promises { get; private set; } = null!;

    /// <summary>Everything as in the beginning.</summary>
    public void Clear()
    {
        (Passed, Behind) = (TimeSpan.Zero, TimeSpan.Zero);
        Array.Clear(Offices);
        Promises = new Promises(this);
    }

    /// <summary>Begins an operation and runs it as far as it goes.</summary>
    public void Begin(Operation operation, Func<Task<object>> begin)
    {
        Current = operation;
        operation.Task = begin();
        Drive(operation);
    }

    /// <summary>Lets an operation that stands still go on.</summary>
    public void Resume(Operation operation)
    {
        Current = operation;
        operation.Resume();
        Drive(operation);
    }

    /// <summary>A store call of the running operation.</summary>
    public async Task AroundStoreAsync(Func<Task> call)
    {
        var operation = Current;
        await operation.PassAsync(PointKind.BeforeStore);
        var task = call();
        // The thread of the stage has nothing else to do, and the operation must not leave it.
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        if (task is Task<WriteResult> { IsCompletedSuccessfully: true, Result: WriteResult.Written { Verification: var written } })
        {
            Promises.Written(operation, written);
        }

        await operation.PassAsync(PointKind.AfterStore);
        await task;
    }

    private void Drive(Operation operation)
    {
        while (true)
        {
            // Almost always true at once: only a wait that is cancelled goes on elsewhere, on a thread of the pool.
            Until(() => operation.Task.IsCompleted || operation.IsStopped || operation.Timers.Count > 0);
            if (operation.Task.IsCompleted || operation.IsStopped)
            {
                return;
            }

            var next = operation.Timers.MinBy(timer => timer.Due)!;
            var made = operation.TimersMade;
            Passed = next.Due > Passed ? next.Due : Passed;
            next.Fire();
            Until(() => operation.Task.IsCompleted || operation.IsStopped || operation.TimersMade != made);
        }
    }

    private static void Until(Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, Patience))
        {
            throw new InvalidOperationException("The operation has not ended, and waits for nothing that the stage knows.");
        }
    }
}
