using System.Text.RegularExpressions;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>
/// Finds the argument of a command in a link, because chat clients turn typed and pasted text into links.
/// </summary>
internal static partial class CommandLink
{
    /// <summary>
    /// The number of digits of an account ID. A number in a link with another number of digits is not an account ID,
    /// but for example a time.
    /// </summary>
    private const int OwnerDigits = 16;

    /// <param name="target">The address of the link.</param>
    /// <param name="label">The text of the link, which the user sees; null if the link has none.</param>
    /// <returns>
    /// The label if it is an argument of a command, or if the address contains no argument. Otherwise the argument in
    /// the address, followed by the arguments in the label.
    /// </returns>
    public static string Choose(string target, string? label)
    {
        if (label is null)
        {
            return Find(target) ?? target;
        }

        var words = label.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var isArgument = words is [var word] && (IsArgument(word) || IsReferenceValueOrCode(word));
        return isArgument || Find(target) is not { } found
            ? label
            : string.Join(' ', words.Where(IsArgument).Prepend(found));
    }

    /// <summary>Replaces each link in Markdown with the argument of a command that the link contains.</summary>
    public static string ReplaceMarkdown(string text) => MarkdownLink.Replace(
        text, match => $" {Choose(match.Groups["target"].Value, match.Groups["label"].Value)} ");

    /// <summary>Finds the argument of a command in a word that is an address, with a scheme or without.</summary>
    /// <returns>The word itself if it is no address, or does not contain exactly one argument.</returns>
    public static string FromAddress(string word) => Address.IsMatch(word) ? Find(word) ?? word : word;

    /// <summary>Finds the only CEN ID in an address or, if it has no CEN ID, the only account ID.</summary>
    private static string? Find(string address)
    {
        // The address may contain another address as an escaped parameter.
        var words = Separator.Split(Uri.UnescapeDataString(Uri.UnescapeDataString(address)).ToLowerInvariant());
        string[] cens = [.. words.Where(word => CenId.Parse(word) is not null).Distinct()];
        string[] owners = [.. words.Where(word => word.Length == OwnerDigits && IsOwner(word)).Distinct()];
        return (cens, owners) switch
        {
            ([var cen], _) => cen,
            ([], [var owner]) => owner,
            _ => null,
        };
    }

    private static bool IsArgument(string word) =>
        CenId.Parse(word.ToLowerInvariant()) is not null || IsOwner(word) || Region.IsMatch(word);

    private static bool IsReferenceValueOrCode(string word) =>
        VerificationRef.Parse(word) is not null || CidrBlock.Parse(word) is not null || word.All(char.IsAsciiDigit);

    private static bool IsOwner(string word) =>
        word.Length >= SendCodeCommand.MinOwnerDigits && AccountId.Parse(word) is not null;

    [GeneratedRegex("[^0-9a-z-]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Separator { get; }

    [GeneratedRegex(
        @"\A([a-z][0-9a-z+.-]*://|[0-9a-z-]+(\.[0-9a-z-]+)+(:[0-9]+)?/)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Address { get; }

    [GeneratedRegex(
        @"\A[a-z]{2}-[a-z]+(-[0-9a-z]+)*\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Region { get; }

    [GeneratedRegex(
        @"\[(?<label>[^\[\]]*)\]\(<?(?<target>[^()<>\s]*)>?\)",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MarkdownLink { get; }
}
