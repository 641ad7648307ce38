using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>
/// The body of a request for a code, in the short form or in Alibaba's own, in which the CEN stands in <c>ExtraInfo</c>, an object
/// or its JSON text. Both may be given, as long as they do not contradict each other.
/// </summary>
internal static class SendRequest
{
    private const int MaxExtraInfo = 1024;
    private const int MaxShaped = 128;

    private static readonly string[] Fields =
        ["regionId", "cenId", "cenOwnerId", "verifyCodeAction", "extraInfo", "requestedBy", "note"];

    private static readonly string[] ExtraInfoFields = ["cenId", "cenOwnerId"];

    /// <param name="body">The body.</param>
    /// <param name="regions">The regions that are served.</param>
    /// <param name="errors">May hold what is wrong with the rest of the request.</param>
    /// <exception cref="ProblemException">Something is wrong.</exception>
    public static SendCommand Read(ReadOnlyMemory<byte> body, Regions regions, FieldErrors errors)
    {
        if (body.IsEmpty)
        {
            errors.Add("body", "is missing; it must be a JSON object with regionId and cenId");
            errors.ThrowIfAny();
        }

        var fields = JsonFields.Parse(body, "body", Fields, errors);
        var regionId = fields.Value(
            "regionId", MaxShaped, text => regions.Contains(text) ? text : null,
            "must be a region of the Elastic Desktop Service such as cn-hangzhou, or be in Alibaba:AdditionalRegions");
        var (cenId, owner) = Cen(fields);
        var extraInfo = ExtraInfo(fields, errors);
        if (extraInfo is not null)
        {
            var (extraCenId, extraOwner) = Cen(extraInfo);
            RequireSame(fields, extraInfo, "cenId", cenId, extraCenId);
            RequireSame(fields, extraInfo, "cenOwnerId", owner, extraOwner);
            (cenId, owner) = (extraCenId, extraOwner);
            extraInfo.Require("cenId");
        }
        else if (!fields.Has("verifyCodeAction") || fields.Has("cenOwnerId"))
        {
            fields.Require("cenId");
        }

        fields.Require("regionId");
        if (fields.Text("verifyCodeAction", MaxExtraInfo) is { } action && action != SendVerifyCode.VerifyCodeAction)
        {
            fields.Add("verifyCodeAction", $"must be {SendVerifyCode.VerifyCodeAction}");
        }

        var requestedBy = fields.Who("requestedBy");
        var note = fields.Note("note");
        errors.ThrowIfAny();
        return new SendCommand(new CenTarget(regionId!, cenId?.Value, owner), requestedBy, note);
    }

    private static (CenId? CenId, AccountId? Owner) Cen(JsonFields fields) => (
        fields.Value("cenId", MaxShaped, CenId.Parse, "must be a CEN id such as cen-3weq30r6t0s7t4abcd"),
        fields.AccountId("cenOwnerId"));

    private static JsonFields? ExtraInfo(JsonFields fields, FieldErrors errors)
    {
        const string Name = "extraInfo";
        return fields.Element(Name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } => fields.Text(Name, MaxExtraInfo, oneLine: false) is { } text
                ? JsonFields.Parse(Encoding.UTF8.GetBytes(text), Name, ExtraInfoFields, errors)
                : null,
            { } element => JsonFields.Read(element, Name, ExtraInfoFields, errors),
        };
    }

    private static void RequireSame<T>(JsonFields fields, JsonFields extraInfo, string name, T value, T extraValue)
    {
        if (fields.Has(name) && !Equals(value, extraValue))
        {
            extraInfo.Add(name, $"contradicts {name}");
        }
    }
}
