namespace EdsFunctions.Core.Alibaba.Operations;

/// <summary>Asks Alibaba to e-mail a verification code to the owner of a CEN.</summary>
/// <param name="target">The CEN and its owner.</param>
internal sealed class SendVerifyCode(CenTarget target)
    : EcdOperation<EcdResponse>(nameof(SendVerifyCode), target.RegionId)
{
    public const string RamAction = $"ecd:{nameof(SendVerifyCode)}";

    /// <summary>The only documented value of <c>VerifyCodeAction</c>.</summary>
    public const string VerifyCodeAction = "eds_cenID_securityverification";

    public override bool IsIdempotent => false;

    public override Acs3Parameter[] CreateParameters() =>
    [
        .. Optional("ExtraInfo", ExtraInfo),
        new("RegionId", RegionId),
        new("VerifyCodeAction", VerifyCodeAction),
    ];

    public override EcdResponse Read(string requestId, JsonElement response) => new(requestId);

    // Alibaba requires cenOwnerId as a JSON number. The CEN id and the account id contain no character to escape.
    private string? ExtraInfo => target switch
    {
        { CenId: null } => null,
        { CenOwnerId: { } owner } => string.Create(
            CultureInfo.InvariantCulture, $$"""{"cenOwnerId":{{owner.Value}},"cenId":"{{target.CenId}}"}"""),
        _ => $$"""{"cenId":"{{target.CenId}}"}""",
    };
}
