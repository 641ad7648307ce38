namespace EdsFunctions.Core.Verifications;

/// <summary>What the id of a verification tells: a version 7 UUID begins with 48 bits of Unix milliseconds (RFC 9562).</summary>
internal static class VerificationIds
{
    /// <summary>How many of the random digits, which come last, make a reference.</summary>
    public const int RefDigits = 8;

    /// <summary>What sorts behind every hexadecimal digit.</summary>
    public const char BehindDigits = 'g';

    private const int TimeDigits = 12;

    /// <summary>The short reference of an id. Few enough digits to be typed, so the stores see to it that no two open ones share it.</summary>
    public static string GetRef(Guid id) => id.ToString("N")[^RefDigits..];

    /// <summary>A text that sorts before every id of that time or later, and behind all earlier ones.</summary>
    public static string FirstAt(DateTimeOffset time)
    {
        var hex = Math.Max(0, time.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture);
        return $"{hex[..8]}-{hex[8..]}";
    }

    /// <summary>When the id was made; null for an id that cannot be one of ours.</summary>
    public static DateTimeOffset? GetTime(Guid id)
    {
        var milliseconds = long.Parse(id.ToString("N").AsSpan(0, TimeDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
    }
}
