using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace EdsFunctions.Core.Api;

/// <summary>
/// The header <c>Idempotency-Key</c>, as in draft-ietf-httpapi-idempotency-key-header, or the query parameter
/// <c>idempotencyKey</c>, for callers that can set no header.
/// </summary>
internal static class IdempotencyKeyHeader
{
    public const string Name = "Idempotency-Key";
    public const string QueryName = "idempotencyKey";

    private const int MaxLength = 255;

    /// <summary>
    /// Reads the idempotency key of a request. The result also contains a hash of the function key, so that two callers
    /// never share an idempotency key.
    /// </summary>
    /// <returns>Null if the request has no key, or a malformed one. A malformed key adds an error.</returns>
    public static string? Read(HttpRequest request, FieldErrors errors)
    {
        var inHeader = Read(Name, request.Headers[Name], errors);
        var inQuery = Read(QueryName, request.Query[QueryName], errors);
        if (inHeader is not null && inQuery is not null && inHeader != inQuery)
        {
            errors.Add(QueryName, $"must be equal to the header {Name}, if the request has both");
        }

        var functionKey = request.Headers["x-functions-key"] is [{ Length: > 0 } header]
            ? header
            : request.Query["code"].ToString();
        return (inHeader ?? inQuery) is { } key
            ? $"http {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(functionKey)))} {key}"
            : null;
    }

    private static string? Read(string name, StringValues values, FieldErrors errors) =>
        errors.Parse(
            name,
            // If the request has several keys, return an empty key, which is invalid.
            values.Count == 0 ? null : values is [{ } single] ? single : "",
            key => key.Length is > 0 and <= MaxLength && key.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
                ? key
                : null,
            $"must be a single value of 1 to {MaxLength} visible ASCII characters");
}
