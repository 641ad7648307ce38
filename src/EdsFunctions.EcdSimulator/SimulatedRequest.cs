using System.Net;
using System.Text.RegularExpressions;
using EdsFunctions.EcdSimulator.Operations;
using Microsoft.AspNetCore.Http.Features;

namespace EdsFunctions.EcdSimulator;

/// <summary>A request as the simulator received it, and its parameters.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Target">Path and query as received: <c>/?RegionId=cn-hangzhou</c>.</param>
/// <param name="Headers">Case-insensitive; several values of one header are joined by a comma.</param>
/// <param name="Body">Usually empty, since the query has the parameters.</param>
/// <param name="ReceivedAt">By the simulator's clock.</param>
internal sealed partial record SimulatedRequest(
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body,
    DateTimeOffset ReceivedAt)
{
    public string RequestId { get; } = Guid.NewGuid().ToString().ToUpperInvariant();

    /// <summary>The operation; empty if the header is missing.</summary>
    public string Action => Header("x-acs-action") ?? "";

    /// <summary>The <c>Host</c> header, with the port if there is one.</summary>
    public string Host => Header("host") ?? "";

    /// <summary>The CEN that the parameters name, even if its id is invalid; null if they name none.</summary>
    public string? CenId => Find("CenId") ?? ExtraInfoParameter.FindCenId(Find("ExtraInfo"));

    /// <summary>The query, decoded, in its original order.</summary>
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

    /// <summary>Finds the first parameter with a name, in the query or in the form; null if there is none.</summary>
    public string? Find(string name) =>
        Query.Concat(Form).FirstOrDefault(parameter => parameter.Name == name).Value;

    /// <exception cref="EcdRefusal"><c>Missing…</c></exception>
    public string Require(string name) => Find(name) is { Length: > 0 } value ? value : throw EcdRefusal.Missing(name);

    /// <exception cref="EcdRefusal">The region is missing, malformed, or not the region of the endpoint.</exception>
    public string RequireRegionId()
    {
        var regionId = Require("RegionId");
        if (!Formats.RegionId.IsMatch(regionId))
            throw EcdRefusal.Invalid("RegionId", "a region id looks like cn-hangzhou");

        // Compare the region only if the host name contains one. The name of a loopback host does not.
        if (Endpoint.Match(Host) is { Success: true } endpoint && endpoint.Groups["region"].Value != regionId)
            throw EcdRefusal.Invalid("RegionId", $"the endpoint is {Host}");

        return regionId;
    }

    /// <summary>Reads <c>CenId</c>, <c>CenOwnerId</c> and <c>VerifyCode</c>.</summary>
    /// <exception cref="EcdRefusal">
    /// A parameter is missing or malformed, or the request has an owner but no code. Alibaba does not document how it
    /// responds to an owner without a code.
    /// </exception>
    public CenClaim RequireClaim()
    {
        var cenId = Require("CenId");
        if (!Formats.CenId.IsMatch(cenId))
            throw EcdRefusal.Invalid("CenId", $"a CEN id looks like {Formats.CenIdExample}");

        if (Find("CenOwnerId") is not { } owner)
            return new CenClaim(cenId, OwnerId: null, Code: null);
        if (!long.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var ownerId) || ownerId == 0)
            throw EcdRefusal.Invalid("CenOwnerId", "an account id is a number such as 1234567890123456");
        return new CenClaim(cenId, ownerId, Require("VerifyCode"));
    }

    private static IEnumerable<(string Name, string Value)> Decode(string pairs) =>
        from pair in pairs.Split('&', StringSplitOptions.RemoveEmptyEntries)
        let parts = pair.Split('=', 2)
        select (WebUtility.UrlDecode(parts[0]), parts.Length == 2 ? WebUtility.UrlDecode(parts[1]) : "");
}
