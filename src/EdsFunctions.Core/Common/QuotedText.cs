namespace EdsFunctions.Core.Common;

/// <summary>
/// Finds settings whose value is in quotation marks: <c>docker --env-file</c> passes quotation marks on as part of the
/// value.
/// </summary>
internal static class QuotedText
{
    /// <summary>The error for a value in quotation marks. In a message, it follows the name of the setting.</summary>
    public const string Error = "is in quotation marks, which count as part of the value: remove them";

    public static bool IsQuoted(string? text) => text?.Trim() is ['"', .., '"'] or ['\'', .., '\''];
}
