using System.Threading.Channels;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A clock that the test moves, and that tells when somebody begins to wait on it.</summary>
internal sealed class ObservedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();
    private Func<Task>? onNextLook;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The next wait that began, in the order in which they did; it waits for one where there is none yet.</summary>
    public Task<TimeSpan> NextWaitAsync() => waits.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().SoonAsync();

    /// <summary>Runs something while the next one to look at the clock waits for it.</summary>
    public void OnNextLook(Func<Task> act) => onNextLook = act;

    public override long GetTimestamp()
    {
        Interlocked.Exchange(ref onNextLook, null)?.Invoke().GetAwaiter().GetResult();
        return base.GetTimestamp();
    }
}
