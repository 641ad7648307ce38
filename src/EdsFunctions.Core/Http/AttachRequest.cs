using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Http;

/// <summary>
/// The body of a request to attach a CEN: <c>officeSiteId</c>, <c>verifyCode</c> unless the CEN is the caller's own, and optionally <c>by</c>.
/// </summary>
internal sealed record AttachRequest(string OfficeSiteId, Secret? Code, string? By)
{
    private const int MaxOfficeSiteId = 100;
    private const int MaxBy = 100;

    private static readonly string[] Fields = ["officeSiteId", "verifyCode", "by"];

    /// <returns>Null where something is wrong.</returns>
    public static AttachRequest? Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var fields = JsonFields.Parse(body, "body", "", Fields, errors);
        var site = fields.Text("officeSiteId", MaxOfficeSiteId);
        var code = VerifyCodes.Read(fields);
        var by = fields.Text("by", MaxBy);
        if (!fields.Has("officeSiteId"))
        {
            fields.Add("officeSiteId", "is required");
        }
        else if (site is not null && !OfficeSite.IsOfficeSiteId(site))
        {
            fields.Add("officeSiteId", "must be the id of an office network such as cn-hangzhou+dir-363353xxxx");
        }

        return errors.Any ? null : new AttachRequest(site!, code, by);
    }
}
