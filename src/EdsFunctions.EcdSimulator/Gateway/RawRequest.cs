using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>A request as it came over the wire, before anything made sense of it.</summary>
/// <param name="Method">As sent: <c>POST</c>.</param>
/// <param name="Target">As sent, still encoded: <c>/?RegionId=cn-hangzhou</c>.</param>
/// <param name="Headers">Names in any case; a header sent twice is one value joined by a comma.</param>
/// <param name="Body">Often empty: parameters travel in the query.</param>
/// <param name="ReceivedAt">By the simulator's clock.</param>
internal sealed record RawRequest(
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body,
    DateTimeOffset ReceivedAt)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The query, decoded, in the order sent.</summary>
    public IEnumerable<EcdParameter> QueryPairs =>
        Target.IndexOf('?') is var mark and >= 0 ? Decode(Target[(mark + 1)..]) : [];

    /// <summary>The body of a form, decoded, in the order sent; nothing for a body of any other type.</summary>
    public IEnumerable<EcdParameter> FormPairs =>
        Method == HttpMethods.Post
        && Header("content-type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
            ? Decode(Encoding.UTF8.GetString(Body))
            : [];

    public static async Task<RawRequest> ReadAsync(HttpContext context, DateTimeOffset receivedAt)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new RawRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            receivedAt);
    }

    private static IEnumerable<EcdParameter> Decode(string pairs) =>
        from pair in pairs.Split('&', StringSplitOptions.RemoveEmptyEntries)
        let parts = pair.Split('=', 2)
        select new EcdParameter(WebUtility.UrlDecode(parts[0]), parts.Length == 2 ? WebUtility.UrlDecode(parts[1]) : "");
}
