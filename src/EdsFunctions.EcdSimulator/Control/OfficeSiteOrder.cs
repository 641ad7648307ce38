namespace EdsFunctions.EcdSimulator.Control;

/// <summary>
/// An office network as put over HTTP: <c>{"regionId":"cn-hangzhou","officeSiteId":"…","cenId":"cen-…"}</c>. Of one that is
/// there, what is left out stays as it is; an empty <c>cenId</c> detaches it.
/// </summary>
internal sealed record OfficeSiteOrder(
    string? RegionId,
    string? OfficeSiteId,
    string? Name,
    string? CenId,
    string? CenAttachStatus,
    string? CidrBlock)
{
    /// <exception cref="JsonException">No region.</exception>
    /// <exception cref="ArgumentException">Not an office network; the message says why.</exception>
    public OfficeSite PutInto(OfficeSites sites) =>
        sites.Change(RegionId ?? throw new JsonException("regionId is required."), OfficeSiteId, Change);

    private OfficeSite Change(OfficeSite site)
    {
        var attached = CenId switch
        {
            null => site,
            "" => site with { CenId = null, CenAttachStatus = null },
            _ => site.AttachedTo(CenId),
        };
        return attached with
        {
            Name = Name ?? attached.Name,
            CenAttachStatus = CenAttachStatus ?? attached.CenAttachStatus,
            CidrBlock = CidrBlock ?? attached.CidrBlock,
        };
    }
}
