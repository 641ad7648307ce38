namespace EdsFunctions.Core.Alibaba.Operations;

/// <summary>Attaches a CEN to an office network.</summary>
/// <param name="target">The CEN, with its id.</param>
/// <param name="officeSiteId">The office network.</param>
/// <param name="code">The code that the owner of the CEN received by e-mail; null if the caller owns the CEN.</param>
internal sealed class AttachCen(CenTarget target, OfficeSiteId officeSiteId, VerifyCode? code)
    : EcdOperation<EcdResponse>(nameof(AttachCen), target.RegionId)
{
    public const string RamAction = $"ecd:{nameof(AttachCen)}";

    public override bool IsIdempotent => false;

    public override Acs3Parameter[] CreateParameters() =>
    [
        new("CenId", target.CenId!),
        new("OfficeSiteId", officeSiteId.Value),
        new("RegionId", RegionId),
        .. Optional("CenOwnerId", target.CenOwnerId?.Value.ToString(CultureInfo.InvariantCulture)),
        .. Optional("VerifyCode", code?.Value.Reveal()),
    ];

    public override EcdResponse Read(string requestId, JsonElement response) => new(requestId);
}
