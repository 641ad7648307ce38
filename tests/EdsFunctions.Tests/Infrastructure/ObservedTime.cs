using System.Threading.Channels;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A clock that the test moves, and that tells when somebody begins to wait on it.</summary>
internal sealed class ObservedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();
    private Action? onNextLook;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The next wait that began, in the order in which they did; it waits for one where there is none yet.</summary>
    public Task<TimeSpan> NextWaitAsync() => waits.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().SoonAsync();

    /// <summary>Stops the next one to look at the clock, until it is released.</summary>
    public Held HoldNextLook()
    {
        var held = new Held();
        onNextLook = held.Stay;
        return held;
    }

    public override long GetTimestamp()
    {
        Interlocked.Exchange(ref onNextLook, null)?.Invoke();
        return base.GetTimestamp();
    }

    /// <summary>A look at the clock that takes as long as the test wants.</summary>
    internal sealed class Held : IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim released = new();

        /// <summary>Somebody looks.</summary>
        public Task Reached => reached.Task.SoonAsync();

        public void Release() => released.Set();

        /// <summary>A test that failed before the release leaves nobody waiting.</summary>
        public void Dispose()
        {
            Release();
            released.Dispose();
        }

        internal void Stay()
        {
            reached.SetResult();
            released.Wait();
        }
    }
}
