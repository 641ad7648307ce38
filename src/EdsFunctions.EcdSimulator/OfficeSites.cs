using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator;

/// <summary>
/// The office networks of the caller's account. Every region has three from when it is first asked for: one to attach, one
/// to attach whose addresses conflict with the routes of every CEN, and one that is attached.
/// </summary>
public sealed class OfficeSites
{
    private readonly Lock gate = new();

    /// <summary>Sorted when someone asks: for a sorted dictionary 21 methods are compiled at the start.</summary>
    private readonly Dictionary<string, OfficeSite> byId = new(StringComparer.Ordinal);

    private readonly HashSet<string> regions = [];
    private int lastNumber = 363353000;

    internal OfficeSites() => Seed("cn-hangzhou");

    /// <summary>A snapshot of all regions asked for so far and of <c>cn-hangzhou</c>, by id.</summary>
    public IReadOnlyList<OfficeSite> Items
    {
        get
        {
            lock (gate)
                return [.. Sorted()];
        }
    }

    /// <summary>Adds one, or puts it in place of the one with its id, as a person at the console would.</summary>
    /// <exception cref="ArgumentException">It cannot be one; the message says why.</exception>
    public void Put(OfficeSite site) => Change(site.RegionId, site.OfficeSiteId, _ => site);

    /// <param name="regionId">Where it is.</param>
    /// <param name="officeSiteId">Of one that is there or is to be; null to make up an id.</param>
    /// <param name="change">Of the one that is there, or of a new one with nothing but ids.</param>
    /// <exception cref="ArgumentException">What came of it cannot be one; the message says why.</exception>
    internal OfficeSite Change(string regionId, string? officeSiteId, Func<OfficeSite, OfficeSite> change)
    {
        lock (gate)
        {
            var id = officeSiteId ?? NextId(regionId);
            var fresh = new OfficeSite { RegionId = regionId, OfficeSiteId = id };
            fresh.Validate();
            Seed(regionId);

            var changed = change(byId.GetValueOrDefault(id, fresh));
            changed.Validate();
            return byId[id] = changed;
        }
    }

    /// <summary>Those of a region, by id.</summary>
    internal IReadOnlyList<OfficeSite> In(string regionId)
    {
        lock (gate)
        {
            Seed(regionId);
            return [.. Sorted().Where(site => site.RegionId == regionId)];
        }
    }

    /// <summary>Attaches one, if it is there and no other CEN has it. Its addresses are not compared with the CEN's routes.</summary>
    /// <param name="regionId">Where it is.</param>
    /// <param name="officeSiteId">Which one.</param>
    /// <param name="cenId">The CEN to attach it to.</param>
    /// <param name="allow">Asked last, so that nothing is used up in vain; refuses by throwing.</param>
    /// <exception cref="EcdRefusal">It cannot be attached.</exception>
    internal void Attach(string regionId, string officeSiteId, string cenId, Action allow)
    {
        lock (gate)
        {
            Seed(regionId);
            if (!byId.TryGetValue(officeSiteId, out var site) || site.RegionId != regionId)
                throw new EcdRefusal(400, "InvalidOfficeSite.NotFound", "The specified office site is not found.");

            // That a site takes one CEN is documented, the error is not: its name is made up.
            if (site.CenId is not null && site.CenId != cenId)
                throw new EcdRefusal(400, "InvalidOfficeSite.CenAttached", "The office site is attached to another CEN.");

            allow();
            byId[officeSiteId] = site.AttachedTo(cenId);
        }
    }

    private void Seed(string regionId)
    {
        if (!regions.Add(regionId))
            return;
        var first = new OfficeSite { RegionId = regionId, OfficeSiteId = regionId + "+dir-2051660961", Name = "office-free" };
        OfficeSite[] seeds =
        [
            first,
            first with { OfficeSiteId = regionId + "+dir-2051660962", Name = "office-in-conflict", CidrBlock = "172.16.0.0/20" },
            (first with { OfficeSiteId = regionId + "+dir-2051660963", Name = "office-attached", CidrBlock = "172.31.0.0/20" })
                .AttachedTo("cen-3gwy16dojz1m65abcd"),
        ];
        foreach (var site in seeds)
            byId[site.OfficeSiteId] = site;
    }

    private IEnumerable<OfficeSite> Sorted() => byId.Values.OrderBy(site => site.OfficeSiteId, StringComparer.Ordinal);

    private string NextId(string regionId)
    {
        string id;
        do
        {
            lastNumber++;
            id = string.Create(CultureInfo.InvariantCulture, $"{regionId}+dir-{lastNumber}");
        }
        while (byId.ContainsKey(id));
        return id;
    }
}
