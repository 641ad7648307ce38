using System.Collections;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// Keeps all of every log entry, of which an operator's tools may show any part: text, values, scopes, and exceptions.
/// </summary>
internal sealed class EvidenceLog(Evidence evidence) : ILoggerProvider, ISupportExternalScope
{
    private readonly Evidence evidence = evidence;
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private static void Write(StringBuilder text, object? state)
    {
        text.Append(' ').Append(state).AppendLine();
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach (var (name, value) in values)
            {
                // A destructured value shows more than its text.
                text.Append("  ").Append(name).Append(" = ").AppendLine(value is IEnumerable many and not string
                    ? string.Join(", ", many.Cast<object?>())
                    : value?.ToString());
            }
        }
    }

    private static void Write(StringBuilder text, Exception exception)
    {
        text.Append(' ').Append(exception).AppendLine();
        foreach (DictionaryEntry data in exception.Data)
        {
            text.Append("  ").Append(data.Key).Append(" = ").Append(data.Value).AppendLine();
        }

        if (exception.InnerException is { } inner)
        {
            Write(text, inner);
        }
    }

    private sealed class Logger(string category, EvidenceLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder($"{category}[{eventId}] {formatter(state, exception)}").AppendLine();
            Write(text, (object?)state);
            log.scopes.ForEachScope(static (scope, text) => Write(text, scope), text);
            if (exception is not null)
            {
                Write(text, exception);
            }

            log.evidence.Add(Channel.Log, text.ToString());
        }
    }
}
