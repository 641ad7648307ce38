namespace EdsFunctions.Core.Alibaba;

/// <summary>The parameters of the operations that use a code.</summary>
internal static class CenParameters
{
    /// <summary>As many office networks as a page may hold.</summary>
    private const string PageSize = "100";

    /// <param name="target">The CEN; it has to be named.</param>
    /// <param name="code">The code; null where the caller owns the CEN.</param>
    /// <param name="what">What the operation takes besides.</param>
    public static Acs3Parameter[] Of(CenTarget target, VerifyCode? code, Acs3Parameter what)
    {
        var parameters = new List<Acs3Parameter> { new("CenId", target.CenId!), new("RegionId", target.RegionId), what };
        if (target.CenOwnerId is { } owner)
        {
            parameters.Add(new("CenOwnerId", owner.Value.ToString(CultureInfo.InvariantCulture)));
        }

        if (code is { Value: var secret })
        {
            parameters.Add(new("VerifyCode", secret.Reveal()));
        }

        return [.. parameters];
    }

    public static Acs3Parameter[] OfPage(string regionId, string? officeSiteId, string? nextToken)
    {
        var parameters = new List<Acs3Parameter> { new("MaxResults", PageSize), new("RegionId", regionId) };
        if (officeSiteId is not null)
        {
            parameters.Add(new("OfficeSiteId.1", officeSiteId));
        }

        if (nextToken is not null)
        {
            parameters.Add(new("NextToken", nextToken));
        }

        return [.. parameters];
    }
}
