using System.Text.Unicode;
using EdsFunctions.Core.Signatures;
using Microsoft.Net.Http.Headers;

namespace EdsFunctions.Core.Api;

/// <summary>Reads the body of a request: JSON in UTF-8, of bounded size.</summary>
internal static partial class RequestBody
{
    public const int MaxBytes = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Verifies the signature over the raw bytes of a delivery.</summary>
    /// <exception cref="ProblemException">The signature is invalid.</exception>
    public static void Verify(
        HttpRequest request,
        ReadOnlyMemory<byte> body,
        string sender,
        SignatureScheme scheme,
        SigningKeys keys,
        TimeProvider time,
        ILogger logger)
    {
        if (scheme.Verify(keys, request.Headers, body.Span, time.GetUtcNow()) is not SignatureCheck.Valid and var check)
        {
            logger.DeliveryRefused(sender, check);
            throw new ProblemException(Problems.SignatureInvalid());
        }
    }

    /// <exception cref="ProblemException">The body is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadRawAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw new ProblemException(Problems.BodyTooLarge());
        }

        // One byte more detects a body that is too large.
        var buffer = new byte[(request.ContentLength ?? MaxBytes) + 1];
        try
        {
            var length = await request.Body.ReadAtLeastAsync(
                buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
            return length <= MaxBytes
                ? buffer.AsMemory(0, length)
                : throw new ProblemException(Problems.BodyTooLarge());
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            // Kestrel reports some bodies that are truncated or wrongly framed as an I/O error.
            throw new BadHttpRequestException("The request body cannot be read.", e);
        }
    }

    /// <returns>The body without a byte order mark; empty if the request has none.</returns>
    /// <exception cref="ProblemException">
    /// The body is too large, not declared as JSON, or not UTF-8.
    /// </exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request) =>
        RequireJson(request, await ReadRawAsync(request));

    /// <returns>The body without a byte order mark.</returns>
    /// <exception cref="ProblemException">The body is not declared as JSON, or not UTF-8.</exception>
    public static ReadOnlyMemory<byte> RequireJson(HttpRequest request, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > 0 && !IsJson(request))
        {
            throw new ProblemException(Problems.UnsupportedMediaType());
        }

        return Utf8.IsValid(bytes.Span)
            ? bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes
            : throw new ProblemException(Problems.InvalidRequest("body", "must be UTF-8"));
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.Count == 0;

    [LoggerMessage(
        400,
        LogLevel.Warning,
        "A delivery from {Sender} was rejected: its signature check returned {Check}. Check the signing secret "
        + "and the sender's clock")]
    public static partial void DeliveryRefused(this ILogger logger, string sender, SignatureCheck check);
}
