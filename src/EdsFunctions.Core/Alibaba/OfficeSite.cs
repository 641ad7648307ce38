namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// An office network, as <c>DescribeOfficeSites</c> lists it. The answer also holds passwords and keys of other people's; nothing but these
/// fields is read.
/// </summary>
/// <param name="Id">Its <see cref="OfficeSiteId"/>.</param>
/// <param name="CenId">The CEN that it is attached to, or is about to be; null for none.</param>
/// <param name="IsAttached">Whether that is done.</param>
public sealed record OfficeSite(string Id, string? CenId, bool IsAttached)
{
    internal static OfficeSite? Read(JsonElement site) =>
        site.Text("OfficeSiteId") is { } id && OfficeSiteId.Parse(id) is not null
            ? new OfficeSite(
                id,
                site.Text("CenId") is { Length: > 0 } cen ? cen : null,
                // Documented by its example alone.
                string.Equals(site.Text("CenAttachStatus"), "attached", StringComparison.OrdinalIgnoreCase))
            : null;
}

/// <summary>A page of office networks.</summary>
/// <param name="Items">The office networks.</param>
/// <param name="NextToken">Continues the list; null on the last page.</param>
internal sealed record OfficeSitePage(IReadOnlyList<OfficeSite> Items, string? NextToken)
{
    public static OfficeSitePage? Read(JsonElement answer) =>
        answer.Property("OfficeSites") is { ValueKind: JsonValueKind.Array }
            ? new OfficeSitePage(
                [.. answer.Items("OfficeSites").Select(OfficeSite.Read).OfType<OfficeSite>()],
                answer.Text("NextToken") is { Length: > 0 } token ? token : null)
            : null;
}
