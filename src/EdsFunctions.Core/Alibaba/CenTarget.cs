using System.Text.RegularExpressions;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// The target of a verification: a region, a CEN and the owner of the CEN. The constructor rejects malformed values,
/// because the region becomes part of a host name, and the CEN and the owner become part of JSON without escaping.
/// </summary>
public sealed partial record CenTarget : ExtensibleRecord
{
    public const int MaxRegion = 40;
    public const string RegionPattern = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

    /// <param name="regionId">Lower-case letters, digits and single hyphens, such as <c>cn-hangzhou</c>.</param>
    /// <param name="cenId">Such as <c>cen-3weq30r6t0s7t4abcd</c>; null for a request that names no CEN.</param>
    /// <param name="cenOwnerId">The account that owns the CEN; null if the caller owns it.</param>
    /// <exception cref="ArgumentException">A value is malformed. The message does not contain the value.</exception>
    public CenTarget(string regionId, string? cenId, AccountId? cenOwnerId)
    {
        RegionId = IsRegionId(regionId)
            ? regionId
            : throw new ArgumentException("The region is malformed.", nameof(regionId));
        CenId = cenId is null || Alibaba.CenId.Parse(cenId) is not null
            ? cenId
            : throw new ArgumentException("The CEN id is malformed.", nameof(cenId));
        CenOwnerId = cenOwnerId is null || cenId is not null
            ? cenOwnerId
            : throw new ArgumentException("An owner requires a CEN id.", nameof(cenOwnerId));
    }

    public string RegionId { get; }

    public string? CenId { get; }

    public AccountId? CenOwnerId { get; }

    /// <summary>
    /// Whether a text has the syntax of a region id. <see cref="Regions"/> checks whether the app accepts the region.
    /// </summary>
    public static bool IsRegionId(string text) => text is { Length: <= MaxRegion } && RegionShape.IsMatch(text);

    [GeneratedRegex($@"\A{RegionPattern}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionShape { get; }
}
