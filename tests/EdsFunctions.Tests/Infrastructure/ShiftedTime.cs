namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// The clock of the machine, set forward or back, with what it measures. Timers run by themselves, so that retries and limits
/// need no help.
/// </summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref shift));

    public override long GetTimestamp() =>
        base.GetTimestamp() + (Interlocked.Read(ref shift) * (TimestampFrequency / TimeSpan.TicksPerSecond));

    public void Shift(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);
}
