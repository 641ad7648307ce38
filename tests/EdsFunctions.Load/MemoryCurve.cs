namespace EdsFunctions.Load;

/// <summary>The memory of a process over the progress of its work.</summary>
internal sealed class MemoryCurve
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<(double Progress, long Bytes)> samples = [];

    /// <summary>Takes samples until the work is done.</summary>
    /// <param name="process">Whose memory.</param>
    /// <param name="progress">How much of the work is done: 0 to 1.</param>
    /// <param name="work">The work.</param>
    public static async Task<MemoryCurve> FollowAsync(ChildProcess process, Func<double> progress, Task work)
    {
        var curve = new MemoryCurve();
        while (!work.IsCompleted)
        {
            curve.samples.Add((progress(), process.Memory));
            await Task.WhenAny(work, Task.Delay(Interval, TimeProvider.System));
        }

        curve.samples.Add((1, process.Memory));
        return curve;
    }

    /// <summary>The memory at a point of the work, in bytes.</summary>
    public long At(double progress) => samples.First(sample => sample.Progress >= progress).Bytes;

    /// <summary>The most between two points of the work, in bytes; null where the work went too fast for a sample.</summary>
    public long? Most(double from, double to) =>
        samples.Where(sample => sample.Progress >= from && sample.Progress < to).Max(sample => (long?)sample.Bytes);
}
