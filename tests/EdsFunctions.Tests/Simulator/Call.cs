using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace EdsFunctions.Tests.Simulator;

/// <summary>
/// A signed request to the simulator, whose body is a form. The signature does not cover the header <paramref
/// name="Unsigned"/>.
/// </summary>
internal sealed record Call(
    string Action,
    string Date,
    string Nonce,
    string Method = "POST",
    string? Host = null,
    string AccessKeyId = "testid",
    string AccessKeySecret = "testsecret",
    string? SecurityToken = null,
    string Version = "2020-09-30",
    string Body = "",
    string? Unsigned = null,
    string? Authorization = null)
{
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> ExtraSignedHeaders { get; init; } = new Dictionary<string, string>();

    public string CanonicalQuery => string.Join('&', Query
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    public Call With(string parameter, string value) => this with
    {
        Query = new Dictionary<string, string>(Query) { [parameter] = value },
    };

    public Call Without(params string[] parameters) => this with
    {
        Query = Query.Where(pair => !parameters.Contains(pair.Key)).ToDictionary(),
    };

    public Call WithCen(string cenId, string ownerId) =>
        With("ExtraInfo", $$"""{"cenOwnerId":{{ownerId}},"cenId":"{{cenId}}"}""");

    public Call WithOwnCen(string cenId) => With("ExtraInfo", $$"""{"cenId":"{{cenId}}"}""");

    public Call WithHeader(string name, string value) => this with
    {
        ExtraSignedHeaders = new Dictionary<string, string>(ExtraSignedHeaders) { [name] = value },
    };

    public string Sign(string host)
    {
        var signed = Headers(host).Where(header => header.Key != Unsigned).ToList();
        var names = string.Join(';', signed.Select(header => header.Key));
        var lines = string.Concat(signed.Select(header => $"{header.Key}:{header.Value}\n"));
        var toSign = "ACS3-HMAC-SHA256\n" + Hash($"{Method}\n/\n{CanonicalQuery}\n{lines}\n{names}\n{Hash(Body)}");
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(AccessKeySecret), Encoding.UTF8.GetBytes(toSign));
        return $"ACS3-HMAC-SHA256 Credential={AccessKeyId},SignedHeaders={names},"
            + $"Signature={Convert.ToHexStringLower(signature)}";
    }

    /// <summary>
    /// Creates the HTTP request. Always sets a content, because an HTTP handler may repeat a POST without one.
    /// </summary>
    public HttpRequestMessage ToMessage(Uri server, string? query = null)
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), new Uri(server, "/?" + (query ?? CanonicalQuery)))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body)),
        };
        foreach (var (name, value) in Headers(server.Authority))
        {
            if (name == "content-type")
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else
                message.Headers.TryAddWithoutValidation(name, value);
        }
        message.Headers.TryAddWithoutValidation("Authorization", Authorization ?? Sign(server.Authority));
        return message;
    }

    /// <summary>All headers except Authorization, with names in lower case, sorted.</summary>
    private SortedDictionary<string, string> Headers(string host)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = Host ?? host,
            ["x-acs-action"] = Action,
            ["x-acs-content-sha256"] = Hash(Body),
            ["x-acs-date"] = Date,
            ["x-acs-signature-nonce"] = Nonce,
            ["x-acs-version"] = Version,
        };
        if (SecurityToken is not null)
            headers["x-acs-security-token"] = SecurityToken;
        if (Body != "")
            headers["content-type"] = "application/x-www-form-urlencoded";
        foreach (var (name, value) in ExtraSignedHeaders)
            headers[name] = value;
        return headers;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
