namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// Tells when an event has been logged so many times: how a test knows that so many requests have come that far.
/// </summary>
internal sealed class LogCountdown(int eventId, int times) : ILoggerProvider
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = times;

    public Task Reached => reached.Task.SoonAsync();

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private void Count(int id)
    {
        if (id == eventId && Interlocked.Decrement(ref left) == 0)
        {
            reached.SetResult();
        }
    }

    private sealed class Logger(LogCountdown countdown) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            countdown.Count(eventId.Id);
    }
}
