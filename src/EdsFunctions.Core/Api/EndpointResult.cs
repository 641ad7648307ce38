using System.Text.Json.Serialization.Metadata;

namespace EdsFunctions.Core.Api;

/// <summary>
/// The response of an HTTP endpoint. The app can store the response, so that a repeat with the same idempotency key
/// gets the same response.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">JSON.</param>
/// <param name="Location">The path of a created verification.</param>
/// <param name="RetryAfterSeconds">The header <c>Retry-After</c>.</param>
public sealed record EndpointResult(
    int Status, string ContentType, string Body, string? Location = null, int? RetryAfterSeconds = null) : IResult
{
    private bool replayed;

    internal static EndpointResult Json<T>(int status, T value, JsonTypeInfo<T> type) =>
        new(status, "application/json; charset=utf-8", JsonSerializer.Serialize(value, type));

    /// <summary>Reads a response that was saved by <see cref="ToStored"/>, and marks it as replayed.</summary>
    internal static EndpointResult FromStored(string stored) =>
        JsonSerializer.Deserialize(stored, EdsJson.Default.EndpointResult)?.AsReplay()
        ?? throw new JsonException("The response that is stored with the idempotency key is null.");

    internal string ToStored() => JsonSerializer.Serialize(this, EdsJson.Default.EndpointResult);

    internal EndpointResult AsReplay() => this with { replayed = true };

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        // ASP.NET Core omits a header whose value is null.
        response.Headers.Location = Location;
        response.Headers.RetryAfter = RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture);
        response.Headers["Idempotency-Replayed"] = replayed ? "true" : null;

        var bytes = Encoding.UTF8.GetBytes(Body);
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}
