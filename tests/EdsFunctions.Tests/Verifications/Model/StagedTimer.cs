namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>A timer that goes off when the stage says so.</summary>
internal sealed class StagedTimer(Func<TimeSpan> passed, TimerCallback callback, object? state, List<StagedTimer> timers) : ITimer
{
    public TimeSpan Due { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        timers.Remove(this);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            // The client waits a random part of a second between attempts; here always the same, so that a run can be repeated.
            Due = passed() + (dueTime < TimeSpan.FromSeconds(5) ? StagedTime.RetryWait : dueTime);
            timers.Add(this);
        }

        return true;
    }

    public void GoOff()
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
