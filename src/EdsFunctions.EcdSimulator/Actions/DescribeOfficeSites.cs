using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>Lists office networks, by id and a page at a time; an id that is not there is passed over.</summary>
internal sealed class DescribeOfficeSites(OfficeSites sites) : IEcdAction
{
    private const int MostResults = 100;

    public string Name => "DescribeOfficeSites";

    public Func<JsonObject> Prepare(EcdCall call)
    {
        var regionId = RegionId.Require(call);
        var ids = Ids(call);
        var maxResults = MaxResults(call);
        var after = After(call);
        return () =>
        {
            var found = sites.In(regionId)
                .Where(site => ids.Count == 0 || ids.Contains(site.OfficeSiteId))
                .ToList();
            var rest = found.Where(site => string.CompareOrdinal(site.OfficeSiteId, after) > 0).ToList();
            var page = rest.Take(maxResults).ToList();
            return new JsonObject
            {
                ["OfficeSites"] = new JsonArray([.. page.Select(OfficeSiteJson.Of)]),
                ["NextToken"] = page.Count < rest.Count ? TokenOf(page[^1]) : "",
                ["TotalCount"] = found.Count,
            };
        };
    }

    private static HashSet<string> Ids(EcdCall call)
    {
        HashSet<string> ids = [];
        for (var n = 1; call.Parameters.Find($"OfficeSiteId.{n}") is { } id; n++)
        {
            if (n > MostResults)
                throw EcdRefusal.Invalid("OfficeSiteId", $"there may be {MostResults} at most");
            ids.Add(id);
        }
        return ids;
    }

    private static int MaxResults(EcdCall call)
    {
        if (call.Parameters.Find("MaxResults") is not { } text)
            return 10;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= MostResults
            ? number
            : throw EcdRefusal.Invalid("MaxResults", $"it must be 1 to {MostResults}");
    }

    /// <summary>The last id of the page before: sites that come or go in between leave the order as it is.</summary>
    private static string After(EcdCall call)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromHexString(call.Parameters.Find("NextToken") ?? ""));
        }
        catch (FormatException)
        {
            throw EcdRefusal.Invalid("NextToken", "it must come from the answer before");
        }
    }

    private static string TokenOf(OfficeSite last) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(last.OfficeSiteId));
}
