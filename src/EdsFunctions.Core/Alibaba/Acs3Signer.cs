using System.Security.Cryptography;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Signs a request to Alibaba Cloud with ACS3-HMAC-SHA256. The request is in RPC style: POST to <c>/</c>, with all
/// parameters in the query and an empty body. Alibaba Cloud's SDK documentation describes the protocol on the page "V3
/// request structure and signature mechanism".
/// </summary>
public static class Acs3Signer
{
    /// <summary>SHA-256 of the empty body in lower-case hex: the value of <c>x-acs-content-sha256</c>.</summary>
    public const string EmptyBodySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Algorithm = "ACS3-HMAC-SHA256";

    /// <param name="query">The query parameters, in any order. The method sorts this array in place.</param>
    /// <param name="headers">
    /// The header <c>host</c> and every <c>x-acs-*</c> header of the request, with names in lower case, in any order.
    /// The method sorts this array in place.
    /// </param>
    /// <param name="credentials">The access key.</param>
    public static Acs3Signature Sign(Acs3Parameter[] query, Acs3Parameter[] headers, AlibabaCredentials credentials)
    {
        var canonical = Canonicalize(query, headers);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(canonical.Request));
        var stringToSign = $"{Algorithm}\n{Convert.ToHexStringLower(hash)}";
        var signature = HMACSHA256.HashData(
            credentials.AccessKeySecret.RevealUtf8(), Encoding.UTF8.GetBytes(stringToSign));
        return new Acs3Signature(
            canonical.Query,
            $"{Algorithm} Credential={credentials.AccessKeyId},SignedHeaders={canonical.SignedHeaders}," +
            $"Signature={Convert.ToHexStringLower(signature)}");
    }

    /// <summary>Creates the canonical request. The signature covers its hash.</summary>
    internal static string CanonicalRequest(Acs3Parameter[] query, Acs3Parameter[] headers) =>
        Canonicalize(query, headers).Request;

    private static (string Query, string SignedHeaders, string Request) Canonicalize(
        Acs3Parameter[] query, Acs3Parameter[] headers)
    {
        Array.Sort(query, ByName);
        Array.Sort(headers, ByName);

        // EscapeDataString encodes all but the unreserved characters of RFC 3986, as the protocol requires.
        var canonicalQuery = string.Join('&', query.Select(
            parameter => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Value)}"));
        var canonicalHeaders = string.Concat(headers.Select(header => $"{header.Name}:{header.Value.Trim()}\n"));
        var signedHeaders = string.Join(';', headers.Select(header => header.Name));
        var request = $"POST\n/\n{canonicalQuery}\n{canonicalHeaders}\n{signedHeaders}\n{EmptyBodySha256}";
        return (canonicalQuery, signedHeaders, request);
    }

    private static int ByName(Acs3Parameter left, Acs3Parameter right) => string.CompareOrdinal(left.Name, right.Name);
}

/// <summary>A signed query parameter or header.</summary>
/// <param name="Name">The name of a parameter as the API spells it, or of a header in lower case.</param>
/// <param name="Value">The value, not percent-encoded.</param>
public readonly record struct Acs3Parameter(string Name, string Value);

/// <summary>The result of signing a request.</summary>
/// <param name="Query">The canonical query: send it unchanged after the question mark.</param>
/// <param name="Authorization">The value of the <c>Authorization</c> header.</param>
public readonly record struct Acs3Signature(string Query, string Authorization);
