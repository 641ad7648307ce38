using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Alibaba.Operations;

/// <summary>Lists a page of the office networks of a region.</summary>
/// <param name="regionId">The region.</param>
/// <param name="officeSiteId">The one office network to list; null for all.</param>
/// <param name="nextToken">The token of the previous page; null for the first page.</param>
internal sealed class DescribeOfficeSites(string regionId, string? officeSiteId, string? nextToken)
    : EcdOperation<OfficeSitePage>(nameof(DescribeOfficeSites), regionId)
{
    public const string RamAction = $"ecd:{nameof(DescribeOfficeSites)}";

    public override bool IsIdempotent => true;

    /// <summary>A response is large: it lists up to 100 office networks with dozens of fields each.</summary>
    public override int MaxResponseBytes => 2 * 1024 * 1024;

    public override Acs3Parameter[] CreateParameters() =>
    [
        // The maximum page size that Alibaba allows.
        new("MaxResults", "100"),
        new("RegionId", RegionId),
        .. Optional("OfficeSiteId.1", officeSiteId),
        .. Optional("NextToken", nextToken),
    ];

    public override OfficeSitePage? Read(string requestId, JsonElement response) =>
        response.Property("OfficeSites") is { ValueKind: JsonValueKind.Array }
            ? new OfficeSitePage(
                requestId,
                [.. response.Items("OfficeSites").Select(OfficeSite.Read).OfType<OfficeSite>()],
                response.Text("NextToken") is { Length: > 0 } token ? token : null)
            : null;
}

/// <summary>A page of office networks.</summary>
/// <param name="RequestId">Alibaba's id of the request.</param>
/// <param name="Items">The office networks.</param>
/// <param name="NextToken">The token for the next page; null on the last page.</param>
internal sealed record OfficeSitePage(string RequestId, IReadOnlyList<OfficeSite> Items, string? NextToken)
    : EcdResponse(RequestId);

/// <summary>
/// An office network in the response of <see cref="DescribeOfficeSites"/>. The app does not read the other fields of
/// the response, because some contain passwords and keys.
/// </summary>
/// <param name="Id">The id of the office network, as in <see cref="OfficeSiteId"/>.</param>
/// <param name="CenId">The CEN that the office network is attached to, or is being attached to; null for none.</param>
/// <param name="IsAttached">Whether the attachment is complete.</param>
public sealed record OfficeSite(string Id, string? CenId, bool IsAttached)
{
    internal static OfficeSite? Read(JsonElement site) =>
        site.Text("OfficeSiteId") is { } id && OfficeSiteId.Parse(id) is not null
            ? new OfficeSite(
                id,
                site.Text("CenId") is { Length: > 0 } cen ? cen : null,
                // Alibaba documents the value "attached" by an example only, so the case is ignored.
                string.Equals(site.Text("CenAttachStatus"), "attached", StringComparison.OrdinalIgnoreCase))
            : null;
}
