namespace EdsFunctions.Core.Verifications;

/// <summary>Reads ids of verifications: a version 7 UUID begins with 48 bits of Unix milliseconds (RFC 9562).</summary>
internal static class VerificationIds
{
    /// <summary>The number of trailing, random digits that make a reference.</summary>
    public const int RefDigits = 8;

    /// <summary>Sorts after every hexadecimal digit.</summary>
    public const char AfterDigits = 'g';

    private const int TimeDigits = 12;

    /// <summary>
    /// The reference of an id: short enough to type; the stores ensure that no two open verifications share one.
    /// </summary>
    public static string GetRef(Guid id) => id.ToString("N")[^RefDigits..];

    /// <summary>A string that sorts before every id of that time or later, and after all earlier ones.</summary>
    public static string FirstAt(DateTimeOffset time)
    {
        var hex = Math.Max(0, time.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture);
        return $"{hex[..8]}-{hex[8..]}";
    }

    /// <summary>The time of creation; null if the id was not created by this app.</summary>
    public static DateTimeOffset? GetTime(Guid id)
    {
        var milliseconds = long.Parse(
            id.ToString("N").AsSpan(0, TimeDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
    }
}
