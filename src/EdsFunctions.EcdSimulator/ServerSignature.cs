using System.Security.Cryptography;

namespace EdsFunctions.EcdSimulator;

/// <summary>
/// The signature that the gateway computes from a request, to compare with the caller's. Written from Alibaba Cloud's
/// "V3 request structure and signature" page. It deliberately shares no code with any signer: the same mistake on both
/// sides would go unnoticed.
/// </summary>
internal static class ServerSignature
{
    /// <summary>RPC style APIs live at the root, so the canonical path is always <c>/</c>.</summary>
    /// <param name="request">Its query may be encoded and ordered any way; it is encoded again here.</param>
    /// <param name="signedHeaders">Lower-case and sorted.</param>
    public static string CanonicalRequest(SimulatedRequest request, IReadOnlyList<string> signedHeaders)
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

    public static string StringToSign(string canonicalRequest) =>
        "ACS3-HMAC-SHA256\n" + Hash(Encoding.UTF8.GetBytes(canonicalRequest));

    /// <returns>Lower-case hex.</returns>
    public static string Sign(string accessKeySecret, string stringToSign) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(accessKeySecret), Encoding.UTF8.GetBytes(stringToSign)));

    /// <returns>Lower-case hex of SHA-256.</returns>
    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>RFC 3986: everything but the unreserved characters, byte by byte of UTF-8, upper-case hex.</summary>
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
}
