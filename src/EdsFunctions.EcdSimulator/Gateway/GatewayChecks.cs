using System.Security.Cryptography;

namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>
/// What the gateway checks of every request, whatever its action: headers, date, access key, signature, nonce, in this
/// order. Only a request that is signed right uses up its nonce.
/// </summary>
internal sealed class GatewayChecks(SimulatorOptions options)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    private static readonly string[] RequiredHeaders =
    [
        "Host", "Authorization", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256",
    ];

    private readonly NonceWindow nonces = new();

    /// <exception cref="EcdRefusal">The first check that failed.</exception>
    public void Verify(RawRequest request)
    {
        if (request.Method is not ("POST" or "GET"))
            throw new EcdRefusal(400, "UnsupportedHTTPMethod", "Specified HTTP method is not supported.");

        if (RequiredHeaders.FirstOrDefault(name => string.IsNullOrWhiteSpace(request.Header(name))) is { } missing)
            throw new EcdRefusal(400, "MissingSecurityHeader", $"Header {missing} is mandatory for this action.");

        var authorization = Acs3Authorization.Parse(request.Header("Authorization")!)
            ?? throw new EcdRefusal(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.");

        VerifyDate(request);
        VerifyCredential(request, authorization);
        VerifySignedHeaders(request, authorization);
        VerifySignature(request, authorization);

        if (!nonces.TryUse(request.Header("x-acs-signature-nonce")!, request.ReceivedAt))
            throw new EcdRefusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    }

    private void VerifySignature(RawRequest request, Acs3Authorization authorization)
    {
        var canonicalRequest = Acs3Signature.CanonicalRequest(request, authorization.SignedHeaders);
        var stringToSign = Acs3Signature.StringToSign(canonicalRequest);
        var expected = Acs3Signature.Sign(options.AccessKeySecret, stringToSign);

        if (!AreEqual(expected, authorization.Signature)
            || request.Header("x-acs-content-sha256") != Acs3Signature.HashOf(request.Body))
        {
            throw new EcdRefusal(400, "SignatureDoesNotMatch",
                "Specified signature does not match our calculation. "
                + $"server StringToSign is [{stringToSign}] server CanonicalRequest is [{canonicalRequest}]");
        }
    }

    private static void VerifyDate(RawRequest request)
    {
        const string format = "yyyy-MM-dd'T'HH:mm:ss'Z'";
        if (!DateTimeOffset.TryParseExact(request.Header("x-acs-date"), format, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var date))
        {
            throw new EcdRefusal(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
        }

        if ((request.ReceivedAt - date).Duration() > Tolerance)
            throw new EcdRefusal(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
    }

    private void VerifyCredential(RawRequest request, Acs3Authorization authorization)
    {
        if (authorization.AccessKeyId != options.AccessKeyId)
            throw new EcdRefusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");

        if (!AreEqual(request.Header("x-acs-security-token") ?? "", options.SecurityToken ?? ""))
        {
            throw new EcdRefusal(400, "InvalidSecurityToken.MismatchWithAccessKey",
                "Specified SecurityToken mismatch with the AccessKey.");
        }
    }

    /// <summary>A header that is not signed could be changed on the way, so these must be, whatever else is.</summary>
    private static void VerifySignedHeaders(RawRequest request, Acs3Authorization authorization)
    {
        var mustBeSigned = request.Headers.Keys
            .Select(name => name.ToLowerInvariant())
            .Where(name => name is "host" or "content-type" || name.StartsWith("x-acs-", StringComparison.Ordinal));

        if (mustBeSigned.Except(authorization.SignedHeaders).FirstOrDefault() is { } notSigned)
            throw new EcdRefusal(400, "IncompleteSignature", $"Header {notSigned} is not in SignedHeaders.");

        if (authorization.SignedHeaders.FirstOrDefault(name => request.Header(name) is null) is { } absent)
            throw new EcdRefusal(400, "IncompleteSignature", $"Header {absent} is in SignedHeaders, but not in the request.");
    }

    private static bool AreEqual(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
