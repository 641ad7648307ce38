namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>One operation while it is in progress: where it stops, its timers, and what it has done.</summary>
internal sealed class Operation(Step step, Stop? stop = null, params AlibabaReply[] replies)
{
    private readonly int[] passed = new int[Enum.GetValues<PointKind>().Length];
    private TaskCompletionSource? standing;
    private int calls;
    private int timersMade;

    public Step Step => step;

    public Stop? Stop => stop;

    public Task<object> Task { get; set; } = null!;

    /// <summary>Its running timers: time that passes while it stands still does not matter to them until it goes on.</summary>
    public List<StagedTimer> Timers { get; } = [];

    public int TimersMade => Volatile.Read(ref timersMade);

    public int Mails { get; set; }

    public int Attachments { get; set; }

    /// <summary>The verification whose send it recorded, and when.</summary>
    public (Guid Id, TimeSpan At)? Recorded { get; set; }

    public bool IsListDenied => step is Step.Attach { ListDenied: true } or Step.Report { ListDenied: true };

    public bool IsStopped => Volatile.Read(ref standing) is not null;

    public Task PassAsync(PointKind kind)
    {
        if (++passed[(int)kind] != stop?.Number || kind != stop.Kind)
        {
            return System.Threading.Tasks.Task.CompletedTask;
        }

        var stopped = new TaskCompletionSource();
        Volatile.Write(ref standing, stopped);
        return stopped.Task;
    }

    /// <summary>Goes on, on this thread, until it waits.</summary>
    public void Resume()
    {
        var resumed = standing!;
        standing = null;
        resumed.SetResult();
    }

    public StagedTimer NewTimer(Func<TimeSpan> now, TimerCallback callback, object? state)
    {
        Interlocked.Increment(ref timersMade);
        return new StagedTimer(now, callback, state, Timers);
    }

    public AlibabaReply NextReply() => calls < replies.Length ? replies[calls++] : AlibabaReply.Accept;
}

/// <summary>A timer that fires when the stage says so.</summary>
internal sealed class StagedTimer(Func<TimeSpan> now, TimerCallback callback, object? state, List<StagedTimer> timers) : ITimer
{
    public TimeSpan Due { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        timers.Remove(this);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            // The client waits for a random part of a second between attempts; here always the same, so that a run can be repeated.
            Due = now() + (dueTime < TimeSpan.FromSeconds(5) ? TimeSpan.FromSeconds(2) : dueTime);
            timers.Add(this);
        }

        return true;
    }

    public void Fire()
    {
        timers.Remove(this);
        callback(state);
    }

    public void Dispose() => timers.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The clock of all instances. A timer belongs to the operation that runs when it is made.</summary>
internal sealed class StagedTime(Stage stage) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => VerificationBuilder.Noon + stage.Passed - stage.Behind;

    public override long GetTimestamp() => stage.Passed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = stage.Current.NewTimer(() => stage.Passed, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
