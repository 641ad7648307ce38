using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace EdsFunctions.Tests.Simulator;

/// <summary>
/// A call as a client makes it. It signs itself, which <see cref="SignatureTests"/> holds against the published vectors.
/// </summary>
internal sealed record Call
{
    public const string Cen = "cen-3weq30r6t0s7t4abcd";

    public const string Owner = "1234567890123456";

    public const string AnotherOwner = "6543210987654321";

    public string Method { get; init; } = "POST";

    public string? Host { get; init; }

    public string AccessKeyId { get; init; } = "testid";

    public string AccessKeySecret { get; init; } = "testsecret";

    public string? SecurityToken { get; init; }

    public string Action { get; init; } = "SendVerifyCode";

    public string Version { get; init; } = "2020-09-30";

    public string Date { get; init; } = "";

    public string Nonce { get; init; } = Guid.NewGuid().ToString();

    public IReadOnlyDictionary<string, string> ExtraHeaders { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>
    {
        ["RegionId"] = "cn-hangzhou",
        ["VerifyCodeAction"] = "eds_cenID_securityverification",
        ["ExtraInfo"] = $$"""{"cenOwnerId":{{Owner}},"cenId":"{{Cen}}"}""",
    };

    /// <summary>A form, sent as such.</summary>
    public string Body { get; init; } = "";

    /// <summary>Names of headers to leave unsigned.</summary>
    public IReadOnlyList<string> Unsigned { get; init; } = [];

    public string CanonicalQuery => string.Join('&', Parameters
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    public Call With(string parameter, string value) => this with
    {
        Parameters = new Dictionary<string, string>(Parameters) { [parameter] = value },
    };

    public Call Without(string parameter) => this with
    {
        Parameters = Parameters.Where(pair => pair.Key != parameter).ToDictionary(),
    };

    /// <summary>All headers but Authorization, lower-case and sorted.</summary>
    public SortedDictionary<string, string> Headers(string host)
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
        foreach (var (name, value) in ExtraHeaders)
            headers[name] = value;
        return headers;
    }

    public string Authorization(string host)
    {
        var signed = Headers(host).Where(header => !Unsigned.Contains(header.Key)).ToList();
        var names = string.Join(';', signed.Select(header => header.Key));
        var lines = string.Concat(signed.Select(header => $"{header.Key}:{header.Value}\n"));
        var toSign = "ACS3-HMAC-SHA256\n" + Hash($"{Method}\n/\n{CanonicalQuery}\n{lines}\n{names}\n{Hash(Body)}");
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(AccessKeySecret), Encoding.UTF8.GetBytes(toSign));
        return $"ACS3-HMAC-SHA256 Credential={AccessKeyId},SignedHeaders={names},Signature={Convert.ToHexStringLower(signature)}";
    }

    /// <summary>For the wire. The content is never null: a handler may send a POST without content several times.</summary>
    public HttpRequestMessage ToMessage(Uri server, string? authorization = null, string? query = null)
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), new Uri(server, "/?" + (query ?? CanonicalQuery)))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body)),
            Version = HttpVersion.Version11,
        };
        foreach (var (name, value) in Headers(server.Authority))
        {
            if (name == "content-type")
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else
                message.Headers.TryAddWithoutValidation(name, value);
        }
        message.Headers.TryAddWithoutValidation("Authorization", authorization ?? Authorization(server.Authority));
        return message;
    }

    /// <summary>As the simulator sees it, without a wire.</summary>
    public SimulatedRequest ToSimulatedRequest(string authorization, DateTimeOffset receivedAt) => new(
        Method,
        "/?" + CanonicalQuery,
        new Dictionary<string, string>(Headers("localhost"), StringComparer.OrdinalIgnoreCase)
        {
            ["Authorization"] = authorization,
        },
        Encoding.UTF8.GetBytes(Body),
        receivedAt);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
