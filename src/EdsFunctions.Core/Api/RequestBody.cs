using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace EdsFunctions.Core.Api;

/// <summary>Reads the body of a request: JSON in UTF-8, of bounded size.</summary>
internal static class RequestBody
{
    public const int MaxBytes = 64 * 1024;

    private const int MaxEncodingShown = 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="ProblemException">The body is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadRawAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw new ProblemException(Problems.BodyTooLarge());
        }

        // The buffer has one byte more than the body may have, to detect a body that is too large.
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
            // Kestrel throws an IOException for some bodies that are truncated, or whose length differs from the
            // headers.
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
        return bytes.Length > 0 && FindUnsupported(request) is { } reason
            ? throw new ProblemException(Problems.UnsupportedMediaType(reason))
            : RequireUtf8(bytes);
    }

    /// <returns>The text without a byte order mark.</returns>
    /// <exception cref="ProblemException">The text is not UTF-8.</exception>
    public static ReadOnlyMemory<byte> RequireUtf8(ReadOnlyMemory<byte> bytes) => Utf8.IsValid(bytes.Span)
        ? WithoutByteOrderMark(bytes)
        : throw new ProblemException(Problems.InvalidRequest("body", "must be UTF-8"));

    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;

    /// <returns>The reason why the app does not support the body; null if the headers declare JSON in UTF-8.</returns>
    private static string? FindUnsupported(HttpRequest request)
    {
        var encoding = Array.Find(
            request.Headers.GetCommaSeparatedValues(HeaderNames.ContentEncoding),
            each => !each.Equals("identity", StringComparison.OrdinalIgnoreCase));
        if (!string.IsNullOrEmpty(encoding))
        {
            // The caller chooses the value of Content-Encoding, so the message repeats the value only if it is a plain
            // word.
            var name = encoding.Length <= MaxEncodingShown && encoding.All(char.IsAsciiLetter) ? $" {encoding}" : "";
            return $"The request body has a Content-Encoding{name} that the app does not decode. Send the body as it "
                + "is, without Content-Encoding.";
        }

        return !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
                ? "The Content-Type does not declare the request body as JSON. Send Content-Type: application/json."
            : type.Charset.HasValue && !IsUtf8(type.Charset.Value)
                ? "The charset of the Content-Type is not UTF-8. Send JSON in UTF-8, with charset=utf-8 or without."
            : null;
    }

    /// <summary>
    /// Whether a charset is UTF-8. Clients may write the name in quotes, in any case, or without the hyphen.
    /// </summary>
    private static bool IsUtf8(string charset) =>
        string.Concat(charset.Where(char.IsAsciiLetterOrDigit)).Equals("utf8", StringComparison.OrdinalIgnoreCase);
}
