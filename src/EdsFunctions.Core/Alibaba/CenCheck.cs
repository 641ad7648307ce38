using System.Net;

namespace EdsFunctions.Core.Alibaba;

/// <summary>What <c>VerifyCen</c> says of a CEN, a block of addresses and a code.</summary>
/// <param name="Status">What is right or wrong.</param>
/// <param name="FreeCidrBlocks">Where the block overlaps: blocks that do not.</param>
/// <param name="Routes">Where the block overlaps: with what.</param>
public sealed record CenCheck(CenCheckStatus Status, IReadOnlyList<string> FreeCidrBlocks, IReadOnlyList<CenRoute> Routes)
{
    /// <summary>Alibaba proposes three.</summary>
    private const int MaxShown = 20;

    internal static CenCheck? Read(JsonElement answer) => answer.Text("Status") is { } status
        ? new CenCheck(
            StatusFromName(status),
            [.. answer.Items("CidrBlocks").SelectMany(Blocks).Take(MaxShown)],
            [.. answer.Items("RouteEntries").Select(CenRoute.Read).OfType<CenRoute>().Take(MaxShown)])
        : null;

    /// <summary>A status as Alibaba calls it: in a response of <c>VerifyCen</c>, and as an error code of <c>AttachCen</c>.</summary>
    internal static CenCheckStatus StatusFromName(string name) => name switch
    {
        "Access" => CenCheckStatus.Fine,
        "Conflict" => CenCheckStatus.CidrConflict,
        "VerifyCode.InvalidTokenCode" => CenCheckStatus.CodeWrong,
        "VerifyCode.ReachTokenRetryTime" => CenCheckStatus.CodeExhausted,
        "InvalidCen.CenUidInvalid" => CenCheckStatus.WrongAccount,
        "InvalidCen.ParameterCenInstanceId" => CenCheckStatus.NoSuchCen,
        _ => CenCheckStatus.Other,
    };

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
    /// <summary>The CEN can be attached.</summary>
    Fine,

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
