using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdsFunctions.DevHost;

/// <summary>
/// The log on the console, in a format of the library's, with all lines of ten milliseconds written at once. The library's own provider wakes
/// a thread and asks the system to write for each line: of a send with its three lines that took a seventh of the processor's time.
/// A warning is written before whoever logs it goes on, with all that came before it: the report marks what it has said.
/// </summary>
[ProviderAlias("Console")]
internal sealed class ConsoleLog : ILoggerProvider, ISupportExternalScope
{
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(10);

    /// <summary>In characters. Beyond it whoever logs waits for the console.</summary>
    private const int MaxPending = 1 << 20;

    /// <summary>A line is put together by the thread that logs it.</summary>
    [ThreadStatic]
    private static StringWriter? line;

    private readonly ConsoleFormatter formatter;
    private readonly Stream output;
    private readonly Encoding encoding;
    private readonly ITimer timer;
    private readonly Lock gate = new();

    /// <summary>Held while the console is written to, so that the lines keep their order.</summary>
    private readonly Lock writing = new();

    private readonly StringBuilder pending = new();
    private bool due;
    private IExternalScopeProvider? scopes;

    /// <param name="formatter">Makes a line, its end included.</param>
    /// <param name="output">The console; not disposed.</param>
    /// <param name="encoding">The console's.</param>
    /// <param name="time">When the lines go out.</param>
    public ConsoleLog(ConsoleFormatter formatter, Stream output, Encoding encoding, TimeProvider time)
    {
        this.formatter = formatter;
        this.output = output;
        this.encoding = encoding;
        timer = time.CreateTimer(static log => ((ConsoleLog)log!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    /// <summary>Writes what is left.</summary>
    public void Dispose()
    {
        timer.Dispose();
        Flush();
    }

    private void Add(StringBuilder text, LogLevel level)
    {
        bool now;
        lock (gate)
        {
            pending.Append(text);
            now = level >= LogLevel.Warning || pending.Length > MaxPending;
            if (!now && !due)
            {
                due = true;
                timer.Change(Together, Timeout.InfiniteTimeSpan);
            }
        }

        if (now)
        {
            Flush();
        }
    }

    private void Flush()
    {
        lock (writing)
        {
            string text;
            lock (gate)
            {
                text = pending.ToString();
                pending.Clear();
                due = false;
            }

            try
            {
                output.Write(encoding.GetBytes(text));
                output.Flush();
            }
            catch (IOException)
            {
                // There is no console any more, and nobody else to tell.
            }
        }
    }

    private sealed class Category(ConsoleLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            line ??= new StringWriter();
            var text = line.GetStringBuilder();
            try
            {
                log.formatter.Write(
                    new LogEntry<TState>(logLevel, name, eventId, state, exception, formatter), log.scopes, line);
                if (text.Length > 0)
                {
                    log.Add(text, logLevel);
                }
            }
            finally
            {
                text.Clear();
            }
        }
    }
}
