using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace EdsFunctions.Core.Http;

/// <summary>Reads the body of a request, as long as it is one that we take: JSON, in UTF-8, of a bounded size.</summary>
internal static class RequestBody
{
    /// <summary>More is refused before it is read.</summary>
    public const int MaxBytes = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>What was read, or why not.</summary>
    /// <param name="Bytes">The body, without a byte order mark; empty where the request has none.</param>
    /// <param name="Refusal">The answer to give instead; null if the body was read.</param>
    public readonly record struct Reading(ReadOnlyMemory<byte> Bytes, Answer? Refusal);

    /// <summary>Reads a body as it is, for a signature to be checked against; only its size is.</summary>
    public static async Task<Reading> ReadRawAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            return new Reading(default, Problems.BodyTooLarge());
        }

        var buffer = new byte[(request.ContentLength ?? 1024) + 1];
        var length = 0;
        while (await ReadAsync(request.Body, buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > MaxBytes)
            {
                return new Reading(default, Problems.BodyTooLarge());
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, MaxBytes + 1));
            }
        }

        return new Reading(buffer.AsMemory(0, length), null);
    }

    /// <summary>Reads a body of JSON.</summary>
    public static async Task<Reading> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await ReadRawAsync(request, cancellationToken);
        return refusal is null ? AsJson(request, bytes) : new Reading(default, refusal);
    }

    /// <summary>A body that was read, if it is JSON by its headers, in UTF-8.</summary>
    public static Reading AsJson(HttpRequest request, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > 0 && !IsJson(request))
        {
            return new Reading(default, Problems.UnsupportedMediaType());
        }

        bytes = bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
        if (Utf8.IsValid(bytes.Span))
        {
            return new Reading(bytes, null);
        }

        var errors = new FieldErrors();
        errors.Add("body", "must be UTF-8");
        return new Reading(default, Problems.InvalidRequest(errors));
    }

    /// <summary>Of some bodies with broken framing, or that break off, the web server says that they are an error of reading.</summary>
    private static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body cannot be read.", e);
        }
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.Count == 0;
}
