using System.Net;

namespace EdsFunctions.Core.Alibaba.Operations;

/// <summary>Checks whether a CEN can be attached with a CIDR block and a code. A wrong code counts as a try.</summary>
/// <param name="target">The CEN; it has to be named.</param>
/// <param name="cidrBlock">The addresses of the office network.</param>
/// <param name="code">The code that the owner of the CEN got; null if the caller owns it.</param>
internal sealed class VerifyCen(CenTarget target, CidrBlock cidrBlock, VerifyCode? code)
    : EcdOperation<CenCheck>(nameof(VerifyCen), target.RegionId)
{
    public const string RamAction = $"ecd:{nameof(VerifyCen)}";

    /// <summary>Alibaba proposes three.</summary>
    private const int MaxShown = 20;

    public override bool MayRepeat => false;

    public override Acs3Parameter[] CreateParameters() =>
    [
        new("CenId", target.CenId!),
        new("CidrBlock", cidrBlock.Value),
        new("RegionId", RegionId),
        .. Optional("CenOwnerId", target.CenOwnerId?.Value.ToString(CultureInfo.InvariantCulture)),
        .. Optional("VerifyCode", code?.Value.Reveal()),
    ];

    public override CenCheck? Read(string requestId, JsonElement response) => response.Text("Status") is { } status
        ? new CenCheck(
            requestId,
            CenCheck.StatusFromName(status),
            [.. response.Items("CidrBlocks").SelectMany(Blocks).Take(MaxShown)],
            [.. response.Items("RouteEntries").Select(CenRoute.Read).OfType<CenRoute>().Take(MaxShown)])
        : null;

    /// <summary>In one of the documented samples the list is a list of one text, which holds the list as JSON.</summary>
    private static IEnumerable<string> Blocks(JsonElement item)
    {
        var text = item.Text() ?? "";
        if (!text.StartsWith('['))
        {
            return IPNetwork.TryParse(text, out _) ? [text] : [];
        }

        try
        {
            using var list = JsonDocument.Parse(text);
            return [.. list.RootElement.EnumerateArray().SelectMany(Blocks)];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

/// <summary>The result of <see cref="VerifyCen"/>.</summary>
/// <param name="RequestId">Alibaba's id of the request.</param>
/// <param name="Status">What is right or wrong.</param>
/// <param name="FreeCidrBlocks">Where the block overlaps: blocks that do not.</param>
/// <param name="Routes">Where the block overlaps: with what.</param>
public sealed record CenCheck(
    string RequestId, CenCheckStatus Status, IReadOnlyList<string> FreeCidrBlocks, IReadOnlyList<CenRoute> Routes)
    : EcdResponse(RequestId)
{
    /// <summary>A status as Alibaba calls it: in a response of <c>VerifyCen</c>, and as an error code of <c>AttachCen</c>.</summary>
    internal static CenCheckStatus StatusFromName(string name) => name switch
    {
        "Access" => CenCheckStatus.Valid,
        "Conflict" => CenCheckStatus.CidrConflict,
        "VerifyCode.InvalidTokenCode" => CenCheckStatus.CodeWrong,
        "VerifyCode.ReachTokenRetryTime" => CenCheckStatus.CodeExhausted,
        "InvalidCen.CenUidInvalid" => CenCheckStatus.WrongAccount,
        "InvalidCen.ParameterCenInstanceId" => CenCheckStatus.NoSuchCen,
        _ => CenCheckStatus.Other,
    };
}

/// <summary>A route of a CEN that a block of addresses overlaps with.</summary>
/// <param name="DestinationCidrBlock">The addresses.</param>
/// <param name="NextHopInstanceId">Where it leads.</param>
/// <param name="RegionId">The region of that.</param>
public sealed record CenRoute(string DestinationCidrBlock, string? NextHopInstanceId, string? RegionId)
{
    private const int MaxText = 128;

    /// <summary>All routes of the CEN are listed, each with a status that says whether it is the one.</summary>
    internal static CenRoute? Read(JsonElement route) =>
        route.Text("Status") is null or "Conflict"
        && route.Text("DestinationCidrBlock") is { } block && IPNetwork.TryParse(block, out _)
            ? new CenRoute(block, Short(route.Text("NextHopInstanceId")), Short(route.Text("RegionId")))
            : null;

    private static string? Short(string? text) => text is { Length: <= MaxText } ? text : null;
}

/// <summary>What is right or wrong; the names are a part of the contract.</summary>
[JsonConverter(typeof(CenCheckStatusNames))]
public enum CenCheckStatus
{
    /// <summary>The CEN can be attached; <c>fine</c> in the API.</summary>
    [JsonStringEnumMemberName("fine")]
    Valid,

    /// <summary>The block of addresses overlaps with a route of the CEN.</summary>
    CidrConflict,

    /// <summary>The code is not the one that was sent last, or it is too old.</summary>
    CodeWrong,

    /// <summary>The code was tried too often; another one has to be sent.</summary>
    CodeExhausted,

    /// <summary>The CEN belongs to another account than the named one.</summary>
    WrongAccount,

    /// <summary>The account has no such CEN.</summary>
    NoSuchCen,

    /// <summary>Something that is not documented.</summary>
    Other,
}

/// <summary>The statuses as they are written: in camel case.</summary>
internal sealed class CenCheckStatusNames()
    : JsonStringEnumConverter<CenCheckStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
