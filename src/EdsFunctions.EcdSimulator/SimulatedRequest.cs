using System.Net;
using System.Text.RegularExpressions;
using EdsFunctions.EcdSimulator.Operations;
using Microsoft.AspNetCore.Http.Features;

namespace EdsFunctions.EcdSimulator;

/// <summary>A request as it came over the wire, and its parameters.</summary>
/// <param name="Method">As sent: <c>POST</c>.</param>
/// <param name="Target">As sent, still encoded: <c>/?RegionId=cn-hangzhou</c>.</param>
/// <param name="Headers">Names in any case; a header sent twice is one value joined by a comma.</param>
/// <param name="Body">Often empty: parameters travel in the query.</param>
/// <param name="ReceivedAt">By the simulator's clock.</param>
internal sealed partial record SimulatedRequest(
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body,
    DateTimeOffset ReceivedAt)
{
    public string RequestId { get; } = Guid.NewGuid().ToString().ToUpperInvariant();

    /// <summary>Empty if there is none.</summary>
    public string Action => Header("x-acs-action") ?? "";

    /// <summary>With the port, if the caller sent one.</summary>
    public string Host => Header("host") ?? "";

    /// <summary>The CEN that the request names, even if it is refused; null if it cannot be read.</summary>
    public string? CenId => Find("CenId") ?? ExtraInfoParameter.FindCenId(Find("ExtraInfo"));

    /// <summary>The query, decoded, in the order sent.</summary>
    public IEnumerable<(string Name, string Value)> Query =>
        Target.IndexOf('?') is var mark and >= 0 ? Decode(Target[(mark + 1)..]) : [];

    private IEnumerable<(string Name, string Value)> Form =>
        Method == HttpMethods.Post
        && Header("content-type") is { } type
        && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            ? Decode(Encoding.UTF8.GetString(Body))
            : [];

    [GeneratedRegex(@"^ecd\.(?<region>[^.:]+)\.aliyuncs\.com(:\d+)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Endpoint { get; }

    public static async Task<SimulatedRequest> ReadAsync(HttpContext context, DateTimeOffset receivedAt)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new SimulatedRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            receivedAt);
    }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>A parameter from the query or a form; of a name given twice, the first.</summary>
    public string? Find(string name) =>
        Query.Concat(Form).FirstOrDefault(parameter => parameter.Name == name).Value;

    /// <exception cref="EcdRefusal"><c>Missing…</c></exception>
    public string Require(string name) => Find(name) is { Length: > 0 } value ? value : throw EcdRefusal.Missing(name);

    /// <exception cref="EcdRefusal">It is missing, malformed, or not the region whose endpoint was called.</exception>
    public string RequireRegionId()
    {
        var regionId = Require("RegionId");
        if (!Formats.RegionId.IsMatch(regionId))
            throw EcdRefusal.Invalid("RegionId", "a region looks like cn-hangzhou");

        // On loopback the host does not tell which region's endpoint the caller means.
        if (Endpoint.Match(Host) is { Success: true } endpoint && endpoint.Groups["region"].Value != regionId)
            throw EcdRefusal.Invalid("RegionId", $"this is {Host}");

        return regionId;
    }

    /// <summary>Reads <c>CenId</c>, <c>CenOwnerId</c> and <c>VerifyCode</c>.</summary>
    /// <exception cref="EcdRefusal">
    /// One is missing or malformed. An owner requires a code; Alibaba's response without one is not documented.
    /// </exception>
    public CenClaim RequireClaim()
    {
        var cenId = Require("CenId");
        if (!Formats.CenId.IsMatch(cenId))
            throw EcdRefusal.Invalid("CenId", $"a CEN looks like {Formats.CenIdExample}");

        if (Find("CenOwnerId") is not { } owner)
            return new CenClaim(cenId, OwnerId: null, Code: null);
        if (!long.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var ownerId) || ownerId == 0)
            throw EcdRefusal.Invalid("CenOwnerId", "an account is a number like 1234567890123456");
        return new CenClaim(cenId, ownerId, Require("VerifyCode"));
    }

    private static IEnumerable<(string Name, string Value)> Decode(string pairs) =>
        from pair in pairs.Split('&', StringSplitOptions.RemoveEmptyEntries)
        let parts = pair.Split('=', 2)
        select (WebUtility.UrlDecode(parts[0]), parts.Length == 2 ? WebUtility.UrlDecode(parts[1]) : "");
}
