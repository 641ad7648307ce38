namespace EdsFunctions.Core.Alibaba;

/// <summary>The parameters of the operations, as the vendor's page and SDKs give them.</summary>
internal static class EcdParameters
{
    /// <summary>The only value that <c>VerifyCodeAction</c> takes.</summary>
    public const string VerifyCodeAction = "eds_cenID_securityverification";

    /// <summary>As many office networks as a page may hold.</summary>
    private const string PageSize = "100";

    /// <summary>The owner is a bare number in <c>ExtraInfo</c>, and is left out if the caller owns the CEN.</summary>
    public static Acs3Parameter[] SendVerifyCode(CenTarget target) =>
    [
        .. Optional("ExtraInfo", ExtraInfo(target)),
        new("RegionId", target.RegionId),
        new("VerifyCodeAction", VerifyCodeAction),
    ];

    /// <summary>The parameters of an operation that uses a code.</summary>
    /// <param name="target">The CEN; it has to be named.</param>
    /// <param name="code">The code; null if the caller owns the CEN.</param>
    /// <param name="parameter">What the operation takes besides.</param>
    public static Acs3Parameter[] WithCode(CenTarget target, VerifyCode? code, Acs3Parameter parameter) =>
    [
        new("CenId", target.CenId!),
        new("RegionId", target.RegionId),
        parameter,
        .. Optional("CenOwnerId", target.CenOwnerId?.Value.ToString(CultureInfo.InvariantCulture)),
        .. Optional("VerifyCode", code?.Value.Reveal()),
    ];

    public static Acs3Parameter[] DescribeOfficeSites(string regionId, string? officeSiteId, string? nextToken) =>
    [
        new("MaxResults", PageSize),
        new("RegionId", regionId),
        .. Optional("OfficeSiteId.1", officeSiteId),
        .. Optional("NextToken", nextToken),
    ];

    private static Acs3Parameter[] Optional(string name, string? value) => value is null ? [] : [new(name, value)];

    // The parts of a target need no escaping: digits, lower-case letters and hyphens.
    private static string? ExtraInfo(CenTarget target) => target switch
    {
        { CenId: null } => null,
        { CenOwnerId: { } owner } => string.Create(
            CultureInfo.InvariantCulture, $$"""{"cenOwnerId":{{owner.Value}},"cenId":"{{target.CenId}}"}"""),
        _ => $$"""{"cenId":"{{target.CenId}}"}""",
    };
}
