namespace EdsFunctions.Core.Verifications;

/// <summary>Parses the durations of settings and requests.</summary>
internal static class Duration
{
    /// <summary>The error for an invalid duration. In a message, it follows the name of the setting.</summary>
    public const string Form =
        "must be hh:mm:ss or d.hh:mm:ss, with at most 23 hours, 59 minutes and 59 seconds: one day is 1.00:00:00";

    /// <summary>
    /// Parses a duration. Returns null for forms such as <c>24:00:00</c> and <c>24</c>, both of which .NET reads as 24
    /// days.
    /// </summary>
    public static TimeSpan? Parse(string text) =>
        text.Contains(':') && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var duration)
            ? duration
            : null;
}
