using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace EdsFunctions.EcdSimulator;

/// <summary>
/// The checks that the simulator makes of every request, in this order: headers, date, access key, signature, nonce.
/// The check of the signature follows Alibaba Cloud's page "V3 request structure and signature mechanism". It shares no
/// code with the app, because tests would not notice a mistake in shared code.
/// </summary>
internal sealed partial class GatewayChecks(SimulatorOptions options)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    private static readonly string[] RequiredHeaders =
    [
        "Host", "Authorization", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce",
        "x-acs-content-sha256",
    ];

    private readonly NonceWindow nonces = new();

    [GeneratedRegex(
        @"^ACS3-HMAC-SHA256\s+Credential=(?<id>[^,\s]+),\s*SignedHeaders=(?<headers>[^,\s]+),"
        + @"\s*Signature=(?<signature>[^,\s]+)\s*\z")]
    private static partial Regex Authorization { get; }

    /// <exception cref="EcdRefusal">A check failed.</exception>
    public void Verify(SimulatedRequest request)
    {
        if (request.Method is not ("POST" or "GET"))
            throw new EcdRefusal(400, "UnsupportedHTTPMethod", "Specified HTTP method is not supported.");

        if (RequiredHeaders.FirstOrDefault(name => string.IsNullOrWhiteSpace(request.Header(name))) is { } missing)
            throw new EcdRefusal(400, "MissingSecurityHeader", $"Header {missing} is mandatory for this action.");

        var authorization = Authorization.Match(request.Header("Authorization")!);
        if (!authorization.Success)
            throw EcdRefusal.Incomplete("The request signature does not conform to Aliyun standards.");

        // The signature covers the headers in sorted order, whatever their order in the Authorization header is.
        var signedHeaders = authorization.Groups["headers"].Value.ToLowerInvariant().Split(';').Distinct()
            .Order(StringComparer.Ordinal).ToArray();

        VerifyDate(request);
        VerifyCredential(request, authorization.Groups["id"].Value);
        VerifySignedHeaders(request, signedHeaders);
        VerifySignature(request, signedHeaders, authorization.Groups["signature"].Value);

        if (!nonces.TryUse(request.Header("x-acs-signature-nonce")!, request.ReceivedAt))
            throw new EcdRefusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    }

    private static void VerifyDate(SimulatedRequest request)
    {
        const string format = "yyyy-MM-dd'T'HH:mm:ss'Z'";
        if (!DateTimeOffset.TryParseExact(request.Header("x-acs-date"), format, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var date))
        {
            throw new EcdRefusal(
                400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
        }

        if ((request.ReceivedAt - date).Duration() > Tolerance)
            throw new EcdRefusal(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
    }

    private void VerifyCredential(SimulatedRequest request, string accessKeyId)
    {
        if (accessKeyId != options.AccessKeyId)
            throw new EcdRefusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");

        if (!AreEqual(request.Header("x-acs-security-token") ?? "", options.SecurityToken ?? ""))
        {
            throw new EcdRefusal(400, "InvalidSecurityToken.MismatchWithAccessKey",
                "Specified SecurityToken mismatch with the AccessKey.");
        }
    }

    /// <summary>
    /// Requires that the signature covers all relevant headers, because an attacker could change a header that it does
    /// not cover.
    /// </summary>
    private static void VerifySignedHeaders(SimulatedRequest request, string[] signedHeaders)
    {
        var mustBeSigned = request.Headers.Keys
            .Select(name => name.ToLowerInvariant())
            .Where(name => name is "host" or "content-type" || name.StartsWith("x-acs-", StringComparison.Ordinal));

        if (mustBeSigned.Except(signedHeaders).FirstOrDefault() is { } notSigned)
            throw EcdRefusal.Incomplete($"Header {notSigned} is not in SignedHeaders.");

        if (signedHeaders.FirstOrDefault(name => request.Header(name) is null) is { } absent)
            throw EcdRefusal.Incomplete($"Header {absent} is in SignedHeaders, but not in the request.");
    }

    private void VerifySignature(SimulatedRequest request, string[] signedHeaders, string signature)
    {
        var canonicalRequest = CanonicalRequest(request, signedHeaders);
        var stringToSign = "ACS3-HMAC-SHA256\n" + Hash(Encoding.UTF8.GetBytes(canonicalRequest));
        var expected = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(options.AccessKeySecret), Encoding.UTF8.GetBytes(stringToSign));

        if (!AreEqual(Convert.ToHexStringLower(expected), signature)
            || request.Header("x-acs-content-sha256") != Hash(request.Body))
        {
            throw new EcdRefusal(400, "SignatureDoesNotMatch",
                "Specified signature does not match our calculation. "
                + $"server StringToSign is [{stringToSign}] server CanonicalRequest is [{canonicalRequest}]");
        }
    }

    /// <summary>
    /// Creates the canonical request that the signature covers. Its path is always <c>/</c>, because the API is in RPC
    /// style.
    /// </summary>
    /// <param name="request">The request. Its query may have any order and encoding.</param>
    /// <param name="signedHeaders">The names of the signed headers, in lower case and sorted.</param>
    private static string CanonicalRequest(SimulatedRequest request, IReadOnlyList<string> signedHeaders)
    {
        var query = request.Query
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{Encode(pair.Name)}={Encode(pair.Value)}");
        var headers = signedHeaders.Select(name => $"{name}:{request.Header(name)?.Trim()}\n");

        return string.Join('\n',
            request.Method,
            "/",
            string.Join('&', query),
            string.Concat(headers),
            string.Join(';', signedHeaders),
            Hash(request.Body));
    }

    /// <returns>SHA-256 in lower-case hex.</returns>
    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Percent-encodes all but the unreserved characters of RFC 3986.</summary>
    private static string Encode(string text)
    {
        var encoded = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            var character = (char)octet;
            if (char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~')
                encoded.Append(character);
            else
                encoded.Append('%').Append(Convert.ToHexString([octet]));
        }
        return encoded.ToString();
    }

    private static bool AreEqual(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}

/// <summary>Remembers the nonce of each request for as long as someone could replay the request.</summary>
/// <param name="capacity">
/// The maximum number of nonces, which limits the memory in load tests. Older nonces are forgotten early.
/// </param>
internal sealed class NonceWindow(int capacity = 200_000)
{
    // The date of a request may be 15 minutes in the future, and the request is valid until 15 minutes after its date.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    private readonly Lock gate = new();
    private readonly HashSet<string> nonces = [];
    private readonly Queue<(string Nonce, DateTimeOffset UsedAt)> byAge = new();

    /// <returns>False if the nonce was used before.</returns>
    public bool TryUse(string nonce, DateTimeOffset now)
    {
        lock (gate)
        {
            while (byAge.TryPeek(out var oldest) && (now - oldest.UsedAt > Window || byAge.Count == capacity))
                nonces.Remove(byAge.Dequeue().Nonce);

            if (!nonces.Add(nonce))
                return false;
            byAge.Enqueue((nonce, now));
            return true;
        }
    }
}
