namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Reads the parts of a verification's id. The id is a UUID version 7, which begins with 48 bits of Unix milliseconds
/// (RFC 9562).
/// </summary>
internal static class VerificationIds
{
    /// <summary>The number of digits of a reference: the last digits of the id, which are random.</summary>
    public const int RefDigits = 8;

    /// <summary>A character that sorts after every hexadecimal digit.</summary>
    public const char AfterDigits = 'g';

    private const int TimeDigits = 12;

    /// <summary>
    /// The reference of an id, which is short enough to type. The stores ensure that two open verifications never have
    /// the same reference.
    /// </summary>
    public static string GetRef(Guid id) => id.ToString("N")[^RefDigits..];

    /// <summary>
    /// A string that sorts before every id that was created at a time or later, and after all earlier ids.
    /// </summary>
    public static string GetLowerBound(DateTimeOffset time)
    {
        var hex = Math.Max(0, time.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture);
        return $"{hex[..8]}-{hex[8..]}";
    }

    /// <summary>The time at which an id was created; null if this app did not create the id.</summary>
    public static DateTimeOffset? GetTime(Guid id)
    {
        var milliseconds = long.Parse(
            id.ToString("N").AsSpan(0, TimeDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
    }
}
