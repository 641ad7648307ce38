namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>One operation of an instance while it is under way: where it stops, what it meets, and what it waits for.</summary>
internal sealed class Operation(int instance, Stop? stop, IReadOnlyList<Weather>? weather = null, bool listDenied = false)
{
    private readonly Points points = new(stop);
    private TaskCompletionSource? standing;
    private int calls;
    private int timersMade;

    public int Instance => instance;

    /// <summary>Its timers that run: time that passes while it stands still is nothing to them until it goes on.</summary>
    public List<StagedTimer> Timers { get; } = [];

    /// <summary>How many it has had.</summary>
    public int TimersMade => Volatile.Read(ref timersMade);

    /// <summary>How many e-mails it brought about.</summary>
    public int Mails { get; set; }

    /// <summary>How often it attached a CEN.</summary>
    public int Attachments { get; set; }

    /// <summary>Whether Alibaba refuses to list the office networks to it.</summary>
    public bool IsListDenied => listDenied;

    /// <summary>Whether it has come to the place where it stops; a process that died there is one that never goes on.</summary>
    public bool IsStopped => Volatile.Read(ref standing) is not null;

    /// <summary>It is at a place where it could stop.</summary>
    public Task PassAsync(PointKind kind)
    {
        if (!points.StopsAt(kind))
        {
            return Task.CompletedTask;
        }

        var stopped = new TaskCompletionSource();
        Volatile.Write(ref standing, stopped);
        return stopped.Task;
    }

    /// <summary>Goes on, right here, until it waits.</summary>
    public void Resume()
    {
        var resumed = standing!;
        standing = null;
        resumed.SetResult();
    }

    public StagedTimer NewTimer(Func<TimeSpan> passed, TimerCallback callback, object? state)
    {
        Interlocked.Increment(ref timersMade);
        return new StagedTimer(passed, callback, state, Timers);
    }

    public Weather NextWeather() => weather is not null && calls < weather.Count ? weather[calls++] : Weather.Fair;
}
