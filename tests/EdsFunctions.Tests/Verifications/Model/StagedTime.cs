namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>The clock of all instances. A timer belongs to the operation that is on stage when it is made.</summary>
internal sealed class StagedTime(Stage stage) : TimeProvider
{
    /// <summary>What every wait between two attempts takes.</summary>
    public static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(2);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => stage.Clock.Now;

    public override long GetTimestamp() => stage.Clock.Passed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = stage.Current.NewTimer(() => stage.Clock.Passed, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
