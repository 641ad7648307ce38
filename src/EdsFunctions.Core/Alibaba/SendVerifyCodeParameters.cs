namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// The parameters of <c>SendVerifyCode</c>, as the vendor's page and SDKs give them: <c>ExtraInfo</c> is a JSON text in which the owner
/// is a bare number and is left out where the caller owns the CEN.
/// </summary>
internal static class SendVerifyCodeParameters
{
    /// <summary>The only value that <c>VerifyCodeAction</c> takes.</summary>
    public const string VerifyCodeAction = "eds_cenID_securityverification";

    public static Acs3Parameter[] Of(CenTarget target) => ExtraInfo(target) is { } extraInfo
        ? [new("ExtraInfo", extraInfo), new("RegionId", target.RegionId), new("VerifyCodeAction", VerifyCodeAction)]
        : [new("RegionId", target.RegionId), new("VerifyCodeAction", VerifyCodeAction)];

    // The parts of a target need no escaping: digits, lower-case letters and hyphens.
    private static string? ExtraInfo(CenTarget target) => target switch
    {
        { CenId: null } => null,
        { CenOwnerId: { } owner } => string.Create(
            CultureInfo.InvariantCulture, $$"""{"cenOwnerId":{{owner.Value}},"cenId":"{{target.CenId}}"}"""),
        _ => $$"""{"cenId":"{{target.CenId}}"}""",
    };
}
