using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Reporting;

/// <summary>A digest in words: one line per verification, without a code, a key, or a whole account id.</summary>
internal static class StaleText
{
    public static string Lines(StaleDigest digest) => string.Join('\n', digest.Items.Select(Line));

    private static string Line(StaleItem item)
    {
        var verification = item.Verification;
        var target = verification.Target;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{verification.Id} {verification.State.Name()} for {Duration(item.Waiting)}, since {verification.WaitingSince:u}: ");
        line += $"{target.CenId ?? "own CEN"} in {target.RegionId}";
        line += target.CenOwnerId is { } owner ? $", owner {owner}" : "";
        line += verification.RequestedBy is { } by ? $", requested by {by}" : "";
        line += verification.Note is { } note ? $", note: {note}" : "";
        return line;
    }

    /// <summary>The two largest units, such as <c>2 d 5 h</c> or <c>34 min</c>.</summary>
    internal static string Duration(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.Seconds)} s"),
    };
}
