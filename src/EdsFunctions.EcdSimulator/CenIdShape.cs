using System.Text.RegularExpressions;

namespace EdsFunctions.EcdSimulator;

/// <summary>What the id of a CEN looks like, wherever one is named.</summary>
internal static partial class CenIdShape
{
    public const string Example = "cen-3weq30r6t0s7t4abcd";

    public static bool Matches(string text) => Shape().IsMatch(text);

    [GeneratedRegex(@"^cen-[a-z0-9]+\z")]
    private static partial Regex Shape();
}
