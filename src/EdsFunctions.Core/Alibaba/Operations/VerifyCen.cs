using System.Net;
using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Alibaba.Operations;

/// <summary>
/// Checks whether a CEN can be attached with a CIDR block and a code. Alibaba limits the number of wrong codes.
/// </summary>
/// <param name="target">The CEN, with its id.</param>
/// <param name="cidrBlock">The addresses that the office network is to have.</param>
/// <param name="code">The code that the owner of the CEN received by e-mail; null if the caller owns the CEN.</param>
internal sealed class VerifyCen(CenTarget target, CidrBlock cidrBlock, VerifyCode? code)
    : EcdOperation<CenCheck>(nameof(VerifyCen), target.RegionId)
{
    public const string RamAction = $"ecd:{nameof(VerifyCen)}";

    /// <summary>
    /// The maximum number of proposed CIDR blocks, and of conflicting routes, that the app returns to the caller.
    /// Alibaba proposes three blocks.
    /// </summary>
    private const int MaxItems = 20;

    public override bool IsIdempotent => false;

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
            [.. response.Property("CidrBlocks") is { } blocks ? Blocks(blocks).Take(MaxItems) : []],
            [.. response.Items("RouteEntries").Select(CenRoute.Read).OfType<CenRoute>().Take(MaxItems)])
        : null;

    /// <summary>
    /// Reads the field <c>CidrBlocks</c> of the response. The field is an array of CIDR blocks. In one of Alibaba's
    /// samples, the array has one string, which is the JSON of all blocks.
    /// </summary>
    private static IEnumerable<string> Blocks(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Array)
        {
            return item.EnumerateArray().SelectMany(Blocks);
        }

        var text = item.Text()?.Trim() ?? "";
        if (!text.StartsWith('['))
        {
            return IPNetwork.TryParse(text, out _) ? [text] : [];
        }

        try
        {
            return Blocks(JsonElement.Parse(text));
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

/// <summary>The result of <see cref="VerifyCen"/>.</summary>
/// <param name="RequestId">Alibaba's id of the request.</param>
/// <param name="Status">Whether the CEN can be attached.</param>
/// <param name="FreeCidrBlocks">CIDR blocks without a conflict, if the requested one has a conflict.</param>
/// <param name="Routes">The routes of the CEN that the requested CIDR block conflicts with.</param>
public sealed record CenCheck(
    string RequestId, CenCheckStatus Status, IReadOnlyList<string> FreeCidrBlocks, IReadOnlyList<CenRoute> Routes)
    : EcdResponse(RequestId)
{
    /// <summary>
    /// Maps the status in a response of <c>VerifyCen</c>, or an error code of <c>AttachCen</c>, to its meaning.
    /// </summary>
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

/// <summary>A route of a CEN that overlaps with a CIDR block.</summary>
/// <param name="DestinationCidrBlock">The destination.</param>
/// <param name="NextHopInstanceId">The next hop, such as a VPC.</param>
/// <param name="RegionId">The region of the next hop.</param>
public sealed record CenRoute(string DestinationCidrBlock, string? NextHopInstanceId, string? RegionId)
{
    private const int MaxText = 128;

    /// <returns>
    /// Null if the route is malformed, or has no conflict: Alibaba's response lists all routes of the CEN.
    /// </returns>
    internal static CenRoute? Read(JsonElement route) =>
        route.Text("Status") is null or "Conflict"
        && route.Text("DestinationCidrBlock") is { } block && IPNetwork.TryParse(block, out _)
            ? new CenRoute(block, Short(route.Text("NextHopInstanceId")), Short(route.Text("RegionId")))
            : null;

    private static string? Short(string? text) => text is { Length: <= MaxText } ? text : null;
}

/// <summary>
/// The result of a check whether a CEN can be attached. The names of the values are part of the HTTP API.
/// </summary>
[JsonConverter(typeof(CenCheckStatusNames))]
public enum CenCheckStatus
{
    /// <summary>The CEN can be attached. The HTTP API calls this result <c>fine</c>.</summary>
    [JsonStringEnumMemberName("fine")]
    Valid,

    /// <summary>The CIDR block overlaps with a route of the CEN.</summary>
    CidrConflict,

    /// <summary>The code is not the latest one, or it has expired.</summary>
    CodeWrong,

    /// <summary>There were too many wrong codes: a new code must be sent.</summary>
    CodeExhausted,

    /// <summary>The CEN belongs to another account than the owner that the verification names.</summary>
    WrongAccount,

    /// <summary>The account has no such CEN.</summary>
    NoSuchCen,

    /// <summary>A status that Alibaba does not document.</summary>
    Other,
}

/// <summary>Writes the results of a check in camel case.</summary>
internal sealed class CenCheckStatusNames()
    : JsonStringEnumConverter<CenCheckStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
