using System.Text.RegularExpressions;

namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>The three parts of an Authorization header of ACS3-HMAC-SHA256.</summary>
/// <param name="AccessKeyId">After <c>Credential=</c>.</param>
/// <param name="SignedHeaders">Lower-case and sorted, which is how they are signed in whatever order they are listed.</param>
/// <param name="Signature">Lower-case hex, as the caller computed it.</param>
internal sealed partial record Acs3Authorization(string AccessKeyId, IReadOnlyList<string> SignedHeaders, string Signature)
{
    public static Acs3Authorization? Parse(string header)
    {
        var match = Shape().Match(header);
        return match.Success
            ? new Acs3Authorization(
                match.Groups["id"].Value,
                [.. match.Groups["headers"].Value.ToLowerInvariant().Split(';').Distinct().Order(StringComparer.Ordinal)],
                match.Groups["signature"].Value)
            : null;
    }

    [GeneratedRegex(
        @"^ACS3-HMAC-SHA256\s+Credential=(?<id>[^,\s]+),\s*SignedHeaders=(?<headers>[^,\s]+),"
        + @"\s*Signature=(?<signature>[^,\s]+)\s*\z")]
    private static partial Regex Shape();
}
