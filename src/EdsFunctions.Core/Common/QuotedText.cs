namespace EdsFunctions.Core.Common;

/// <summary>Finds values that are in quotation marks: <c>docker --env-file</c> keeps them.</summary>
internal static class QuotedText
{
    /// <summary>The error for a value in quotation marks. In a message, it follows the name of the setting.</summary>
    public const string Error = "is in quotation marks, which count as part of the value: remove them";

    public static bool IsQuoted(string? text) => text?.Trim() is ['"', .., '"'] or ['\'', .., '\''];
}
