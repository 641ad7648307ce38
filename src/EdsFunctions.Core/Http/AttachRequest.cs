using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Http;

/// <summary>
/// The body of a request to attach a CEN: <c>officeSiteId</c>, <c>verifyCode</c> unless the CEN is the caller's own, and optionally
/// <c>by</c>.
/// </summary>
internal sealed record AttachRequest(OfficeSiteId OfficeSiteId, VerifyCode? Code, string? By)
{
    private const int MaxBy = 100;

    private static readonly string[] Fields = ["officeSiteId", "verifyCode", "by"];

    /// <exception cref="ProblemException">Something is wrong.</exception>
    public static AttachRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var fields = JsonFields.Parse(body, "body", "", Fields, errors);
        fields.Require("officeSiteId");
        var site = fields.Value<OfficeSiteId>(
            "officeSiteId",
            OfficeSiteId.MaxLength,
            OfficeSiteId.TryParse,
            "must be the id of an office network such as cn-hangzhou+dir-363353xxxx");
        var code = fields.VerifyCode("verifyCode");
        var by = fields.Text("by", MaxBy);
        errors.ThrowIfAny();
        return new AttachRequest(site!.Value, code, by);
    }
}
