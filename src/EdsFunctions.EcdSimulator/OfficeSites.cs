namespace EdsFunctions.EcdSimulator;

/// <summary>An office network of the simulator.</summary>
public sealed record SimulatedOfficeSite
{
    /// <summary>Such as <c>cn-hangzhou</c>.</summary>
    public required string RegionId { get; init; }

    /// <summary>Begins with the region: <c>cn-hangzhou+dir-2051660961</c>.</summary>
    public required string OfficeSiteId { get; init; }

    public string Name { get; init; } = "office";

    /// <summary>The CEN that the office network is attached to; null for none.</summary>
    public string? CenId { get; init; }

    /// <summary>The status of the attachment; null without a CEN. Alibaba documents only <c>attached</c>.</summary>
    public string? CenAttachStatus { get; init; }

    /// <summary>The IPv4 addresses of the desktops.</summary>
    public string CidrBlock { get; init; } = "192.168.0.0/16";

    /// <summary>Returns a copy of the office network that is attached to a CEN.</summary>
    public SimulatedOfficeSite AttachedTo(string cenId) => this with { CenId = cenId, CenAttachStatus = "attached" };

    /// <exception cref="ArgumentException">A value is invalid; the message says why.</exception>
    internal void Validate()
    {
        if (!Formats.RegionId.IsMatch(RegionId))
            throw new ArgumentException("regionId must be a region such as cn-hangzhou.");
        if (!OfficeSiteId.StartsWith(RegionId + "+", StringComparison.Ordinal)
            || !Formats.OfficeSiteIdSuffix.IsMatch(OfficeSiteId[(RegionId.Length + 1)..]))
        {
            throw new ArgumentException($"officeSiteId must look like {RegionId}+dir-2051660961.");
        }

        if (string.IsNullOrWhiteSpace(Name))
            throw new ArgumentException("name must not be empty.");
        if (CenId is not null && !Formats.CenId.IsMatch(CenId))
            throw new ArgumentException($"cenId must look like {Formats.CenIdExample}.");
        if (CenId is null != string.IsNullOrWhiteSpace(CenAttachStatus))
            throw new ArgumentException("cenId and cenAttachStatus must be set together.");
        if (Formats.ParseCidrBlock(CidrBlock) is null)
        {
            throw new ArgumentException(
                "cidrBlock must be an IPv4 block such as 192.168.0.0/16, with a prefix length of 12 to 32.");
        }
    }
}

/// <summary>
/// The office networks of the caller's account in the simulator. Each region has three office networks at first. One is
/// attached to a CEN. Two are not attached, and the addresses of one of these two conflict with the routes of every
/// CEN.
/// </summary>
public sealed class OfficeSites
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, SimulatedOfficeSite> byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> regions = [];

    internal OfficeSites() => Seed("cn-hangzhou");

    /// <summary>
    /// A snapshot of the office networks, ordered by id: those of <c>cn-hangzhou</c>, and of all other regions used so
    /// far.
    /// </summary>
    public IReadOnlyList<SimulatedOfficeSite> Items
    {
        get
        {
            lock (gate)
                return [.. byId.Values];
        }
    }

    /// <summary>Adds an office network, or replaces the office network with the same id.</summary>
    /// <exception cref="ArgumentException">The office network is invalid. The message says why.</exception>
    public void Put(SimulatedOfficeSite site) => Change(site.RegionId, site.OfficeSiteId, _ => site);

    /// <param name="regionId">The region.</param>
    /// <param name="officeSiteId">An existing or a new id; null to create one.</param>
    /// <param name="change">Changes the existing office network, or a new one with default values.</param>
    /// <exception cref="ArgumentException">The changed office network is invalid. The message says why.</exception>
    internal SimulatedOfficeSite Change(
        string regionId, string? officeSiteId, Func<SimulatedOfficeSite, SimulatedOfficeSite> change)
    {
        lock (gate)
        {
            var id = officeSiteId ?? $"{regionId}+dir-{Guid.NewGuid():N}";
            var fresh = new SimulatedOfficeSite { RegionId = regionId, OfficeSiteId = id };
            fresh.Validate();
            Seed(regionId);

            var changed = change(byId.GetValueOrDefault(id, fresh));
            changed.Validate();
            return byId[id] = changed;
        }
    }

    internal IReadOnlyList<SimulatedOfficeSite> InRegion(string regionId)
    {
        lock (gate)
        {
            Seed(regionId);
            return [.. byId.Values.Where(site => site.RegionId == regionId)];
        }
    }

    /// <summary>
    /// Attaches an office network to a CEN. Does not compare the addresses of the office network with the routes of the
    /// CEN.
    /// </summary>
    /// <param name="regionId">The region.</param>
    /// <param name="officeSiteId">The office network.</param>
    /// <param name="cenId">The CEN to attach it to.</param>
    /// <param name="authorize">Uses up the code; throws if the code is wrong. Called after all other checks.</param>
    /// <exception cref="EcdRefusal">The office network does not exist or is attached to another CEN.</exception>
    internal void Attach(string regionId, string officeSiteId, string cenId, Action authorize)
    {
        lock (gate)
        {
            Seed(regionId);
            if (!byId.TryGetValue(officeSiteId, out var site) || site.RegionId != regionId)
                throw new EcdRefusal(400, "InvalidOfficeSite.NotFound", "The specified office site is not found.");

            // Alibaba documents that an office network cannot change its CEN, but not the error code. This error code
            // is invented.
            if (site.CenId is not null && site.CenId != cenId)
            {
                throw new EcdRefusal(
                    400, "InvalidOfficeSite.CenAttached", "The office site is attached to another CEN.");
            }

            authorize();
            byId[officeSiteId] = site.AttachedTo(cenId);
        }
    }

    private void Seed(string regionId)
    {
        if (!regions.Add(regionId))
            return;
        Add("+dir-2051660961", "office-free", "192.168.0.0/16");
        Add("+dir-2051660962", "office-in-conflict", "172.16.0.0/20");
        Add("+dir-2051660963", "office-attached", "172.31.0.0/20", "cen-3gwy16dojz1m65abcd");

        void Add(string suffix, string name, string cidrBlock, string? cenId = null)
        {
            var site = new SimulatedOfficeSite
            {
                RegionId = regionId,
                OfficeSiteId = regionId + suffix,
                Name = name,
                CidrBlock = cidrBlock,
            };
            byId[site.OfficeSiteId] = cenId is null ? site : site.AttachedTo(cenId);
        }
    }
}

/// <summary>
/// Alibaba's operation DescribeOfficeSites returns passwords and keys. The simulator returns this marker in their
/// place, so that tests can detect if the app leaks them.
/// </summary>
public static class OfficeSiteSecrets
{
    public const string Mark = "secret-of-the-office-site";
}
