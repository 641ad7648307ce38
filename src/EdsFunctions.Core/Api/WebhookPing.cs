using System.Text.RegularExpressions;
using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Api;

/// <summary>Recognizes deliveries by which a sender only tests a webhook.</summary>
internal static partial class WebhookPing
{
    private static readonly HashSet<string> RequestFields =
        new([CloudEventBody.SpecVersion, .. SendRequest.Fields], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a delivery is a ping. A header such as <c>X-GitHub-Event</c> or <c>X-Event-Key</c> says so, or the body,
    /// because a relay may drop the header. A body with a field of a request or of a CloudEvent is always a request,
    /// because the signature does not cover the headers.
    /// </summary>
    public static bool IsPing(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        JsonProperty[] fields = LenientJson.ParseObject(RequestBody.WithoutByteOrderMark(body).Span) is { } json
            ? [.. json.EnumerateObject()]
            : [];
        return !fields.Any(field => Name(field) is not { } name || RequestFields.Contains(name))
            && (HasPingHeader(request) || fields.Any(IsPing));
    }

    private static bool HasPingHeader(HttpRequest request) =>
        request.Headers.Any(header => header.Key.Contains("-Event", StringComparison.OrdinalIgnoreCase)
            && header.Value.Any(value => value is not null && Ping.IsMatch(value)));

    private static bool IsPing(JsonProperty field) => (Name(field), field.Value.ValueKind) switch
    {
        ("zen", JsonValueKind.String) or ("test", JsonValueKind.True) => true,
        (_, JsonValueKind.String) =>
            LenientJson.WellFormed(field.Value.GetString) is { } text && Ping.IsMatch(text),
        _ => false,
    };

    private static string? Name(JsonProperty field) => LenientJson.WellFormed(() => field.Name);

    /// <summary>
    /// Matches <c>ping</c> as a separate segment of an event name, such as <c>diagnostics:ping</c> or <c>ping/v0</c>.
    /// Does not match a text with spaces.
    /// </summary>
    [GeneratedRegex(@"^(\S*[^a-z\s])?ping([^a-z\s]\S*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ping { get; }
}
