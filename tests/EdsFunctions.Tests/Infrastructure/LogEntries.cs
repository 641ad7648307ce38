namespace EdsFunctions.Tests.Infrastructure;

internal sealed record LogEntry(string Category, LogLevel Level, int EventId, string Text);

internal static class LogEntries
{
    extension(FakeLogCollector log)
    {
        /// <summary>The log entries. If an entry has an exception, its text includes the exception.</summary>
        public IReadOnlyList<LogEntry> Entries =>
        [
            .. log.GetSnapshot().Select(record => new LogEntry(
                record.Category ?? "", record.Level, record.Id.Id, $"{record.Message} {record.Exception}".TrimEnd())),
        ];
    }
}
