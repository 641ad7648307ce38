namespace EdsFunctions.Core.Verifications;

/// <summary>How often a waiting verification has been reported, and when last.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="At">UTC.</param>
/// <param name="Final">Whether it was said then that it is given up.</param>
public sealed record ReportMark(
    int Count,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Final = false)
{
    /// <summary>Beyond this many doublings the wait does not grow: by then every verification has long expired.</summary>
    private const int MaxDoublings = 16;

    /// <summary>When it is to be said again: the wait doubles each time.</summary>
    public DateTimeOffset NextAt(TimeSpan repeatAfter) => At + (repeatAfter * (1L << Math.Min(Count - 1, MaxDoublings)));
}
