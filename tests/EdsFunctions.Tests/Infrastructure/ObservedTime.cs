using System.Threading.Channels;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// A <see cref="FakeTimeProvider"/> by which a test can wait for a new timer, and act before the timestamp is read.
/// </summary>
internal sealed class ObservedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();
    private Func<Task>? onNextTimestamp;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until the next timer is created, in order of creation, and returns its due time.</summary>
    public Task<TimeSpan> NextWaitAsync() =>
        waits.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WithTimeoutAsync();

    /// <summary>Runs a function before the next read of the timestamp.</summary>
    public void OnNextTimestamp(Func<Task> action) => onNextTimestamp = action;

    public override long GetTimestamp()
    {
        Interlocked.Exchange(ref onNextTimestamp, null)?.Invoke().GetAwaiter().GetResult();
        return base.GetTimestamp();
    }
}
