using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>
/// A request for a code, in the form of this app. The other form is <see cref="AlibabaSendRequest"/>.
/// </summary>
/// <param name="RegionId">A region of the Elastic Desktop Service.</param>
/// <param name="CenId">The id of a Cloud Enterprise Network.</param>
/// <param name="CenOwnerId">
/// The account that owns the CEN, a number or a string; left out if the caller owns it.
/// </param>
/// <param name="RequestedBy">The person or program that requests it; included in reports.</param>
/// <param name="Note">The purpose; included in reports.</param>
public sealed record SendRequest(
    [property: RegularExpression($"^{CenTarget.RegionPattern}$"), MaxLength(CenTarget.MaxRegion)] string RegionId,
    CenId CenId,
    AccountId? CenOwnerId,
    [property: StringLength(JsonFields.MaxActor)] string? RequestedBy,
    [property: StringLength(JsonFields.MaxNote)] string? Note)
{
    internal const int MaxExtraInfo = 1024;
    private const int MaxParsed = 128;

    internal static readonly string[] Fields = JsonFields.GetNames(typeof(SendRequest), typeof(AlibabaSendRequest));

    private static readonly string[] ExtraInfoFields = JsonFields.GetNames(typeof(ExtraInfo));

    /// <summary>
    /// Reads a request in the form of this app or of Alibaba Cloud. A request may have the fields of both forms if
    /// their values are equal.
    /// </summary>
    /// <exception cref="ProblemException">The request is invalid.</exception>
    internal static SendVerification.Request Read(ReadOnlyMemory<byte> body, Regions regions, FieldErrors errors)
    {
        if (body.IsEmpty)
        {
            errors.Add("body", "is required: a JSON object with regionId and cenId");
            errors.ThrowIfAny();
        }

        var fields = JsonFields.Parse(body, "body", Fields, errors);
        var regionId = fields.Value(
            "regionId", MaxParsed, text => regions.Contains(text) ? text : null,
            "must be a region of the Elastic Desktop Service such as cn-hangzhou, or be in Alibaba:AdditionalRegions");
        var (cenId, owner) = Cen(fields);
        var extraInfo = ReadExtraInfo(fields, errors);
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

        var requestedBy = fields.Actor("requestedBy");
        var note = fields.Note("note");
        errors.ThrowIfAny();
        return new SendVerification.Request(new CenTarget(regionId!, cenId?.Value, owner), requestedBy, note);
    }

    private static (CenId? CenId, AccountId? Owner) Cen(JsonFields fields) => (
        fields.Value("cenId", MaxParsed, CenId.Parse, "must be a CEN id such as cen-3weq30r6t0s7t4abcd"),
        fields.AccountId("cenOwnerId"));

    private static JsonFields? ReadExtraInfo(JsonFields fields, FieldErrors errors)
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
            extraInfo.Add(name, $"must be equal to {name}");
        }
    }
}

/// <summary>A request for a code with the parameters of Alibaba Cloud's SendVerifyCode.</summary>
/// <param name="RegionId">A region of the Elastic Desktop Service.</param>
/// <param name="VerifyCodeAction">The purpose of the code.</param>
/// <param name="ExtraInfo">The CEN, as an object or a string of JSON. Optional if the caller owns the CEN.</param>
/// <param name="RequestedBy">The person or program that requests it; included in reports.</param>
/// <param name="Note">The purpose; included in reports.</param>
public sealed record AlibabaSendRequest(
    [property: JsonPropertyName("RegionId")]
    [property: RegularExpression($"^{CenTarget.RegionPattern}$"), MaxLength(CenTarget.MaxRegion)]
    string RegionId,
    [property: JsonPropertyName("VerifyCodeAction"), AllowedValues(Alibaba.Operations.SendVerifyCode.VerifyCodeAction)]
    string VerifyCodeAction,
    [property: JsonPropertyName("ExtraInfo")] ExtraInfo? ExtraInfo,
    [property: StringLength(JsonFields.MaxActor)] string? RequestedBy,
    [property: StringLength(JsonFields.MaxNote)] string? Note);

/// <summary>A CEN and its owner.</summary>
/// <param name="CenId">The id of a Cloud Enterprise Network.</param>
/// <param name="CenOwnerId">
/// The account that owns the CEN, a number or a string; left out if the caller owns it.
/// </param>
public sealed record ExtraInfo(CenId CenId, AccountId? CenOwnerId);
