namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>The time that passes, and a clock that shows it, which somebody may set back.</summary>
internal sealed class ModelTime
{
    private static readonly TimeSpan MaxBehind = TimeSpan.FromMinutes(15);

    private TimeSpan behind;
    private TimeSpan latest;

    public TimeSpan Passed { get; private set; }

    public DateTimeOffset Now => VerificationBuilder.Noon + Passed - behind;

    public void PassTo(TimeSpan passed)
    {
        Passed = passed > Passed ? passed : Passed;
        latest = Passed - behind > latest ? Passed - behind : latest;
    }

    /// <summary>Never further behind what it has shown than clocks may differ.</summary>
    public void SetBack(TimeSpan time)
    {
        var shows = Passed - behind - time;
        shows = shows < latest - MaxBehind ? latest - MaxBehind : shows;
        behind = Passed - shows;
    }
}
