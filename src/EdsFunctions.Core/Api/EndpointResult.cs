using System.Text.Json.Serialization.Metadata;

namespace EdsFunctions.Core.Api;

/// <summary>
/// An answer ready to be written, and to be kept: a repeat of a request by its idempotency key gets the very same.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">JSON.</param>
/// <param name="Location">Where a created verification is.</param>
/// <param name="RetryAfterSeconds">When to try again.</param>
public sealed record EndpointResult(int Status, string ContentType, string Body, string? Location = null, int? RetryAfterSeconds = null) : IResult
{
    private bool replayed;

    /// <summary>An answer with a JSON body.</summary>
    internal static EndpointResult Json<T>(int status, T value, JsonTypeInfo<T> type) =>
        new(status, "application/json; charset=utf-8", JsonSerializer.Serialize(value, type));

    /// <summary>The answer that <see cref="ToStored"/> kept, marked as a replay.</summary>
    internal static EndpointResult FromStored(string stored) =>
        JsonSerializer.Deserialize(stored, EdsJson.Default.EndpointResult)?.AsReplay() ?? throw new JsonException("A stored answer is null.");

    internal string ToStored() => JsonSerializer.Serialize(this, EdsJson.Default.EndpointResult);

    internal EndpointResult AsReplay() => this with { replayed = true };

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        // Null leaves a header out.
        response.Headers.Location = Location;
        response.Headers.RetryAfter = RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture);
        response.Headers["Idempotency-Replayed"] = replayed ? "true" : null;

        var bytes = Encoding.UTF8.GetBytes(Body);
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}
