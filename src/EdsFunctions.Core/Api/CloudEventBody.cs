using CloudNative.CloudEvents;
using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Api;

/// <summary>
/// Reads the data of a CloudEvent 1.0. In structured mode, the envelope of the event is in the body. In binary mode,
/// the envelope is in headers.
/// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
/// </summary>
internal static class CloudEventBody
{
    private const string MediaType = "application/cloudevents";
    private const string HeaderPrefix = "ce-";
    public const string SpecVersion = "specversion";
    private const string Data = "data";
    private const string DataBase64 = "data_base64";
    private const int MaxNameShown = 64;
    private const int MaxDigitsShown = 2;

    /// <returns>The data of the event; the body itself if the request is not a CloudEvent.</returns>
    /// <exception cref="ProblemException">The CloudEvent is malformed.</exception>
    public static ReadOnlyMemory<byte> Read(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (HasMediaType(request, $"{MediaType}-batch"))
        {
            throw Invalid($"is a batch of CloudEvents: send each in a request of its own, as {MediaType}+json");
        }

        if (HasMediaType(request, MediaType))
        {
            return ReadStructured(body);
        }

        var headers = request.Headers
            .Where(header => header.Key.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (headers.Length > 0)
        {
            var envelope = new Envelope(HeaderPrefix);
            foreach (var (name, value) in headers)
            {
                envelope.Set(
                    name[HeaderPrefix.Length..].ToLowerInvariant(), Uri.UnescapeDataString(value.ToString()));
            }

            envelope.RequireAttributes();
        }

        // Only the media type makes a body a CloudEvent. Otherwise, one signed body could have two meanings.
        return LenientJson.ParseObject(body.Span) is { } json && json.Property(SpecVersion) is not null
            ? throw Invalid($"is a complete CloudEvent (structured mode): send it with Content-Type: {MediaType}+json")
            : body;
    }

    private static bool HasMediaType(HttpRequest request, string prefix) =>
        request.ContentType?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) is true;

    private static ReadOnlyMemory<byte> ReadStructured(ReadOnlyMemory<byte> body)
    {
        var envelope = new Envelope(prefix: "");
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in
            (LenientJson.ParseObject(body.Span) ?? throw InvalidEvent("it must be a JSON object")).EnumerateObject())
        {
            var name = LenientJson.WellFormed(() => member.Name) ?? "";
            if (!members.TryAdd(name, member.Value))
            {
                throw InvalidEvent($"{Show(name)} occurs more than once");
            }

            // An attribute that is null counts as left out.
            if (name is not (Data or DataBase64) && member.Value.ValueKind != JsonValueKind.Null)
            {
                envelope.Set(name, member.Value);
            }
        }

        envelope.RequireAttributes();
        return ReadData(Member(Data), Member(DataBase64));

        JsonElement? Member(string name) =>
            members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private static ReadOnlyMemory<byte> ReadData(JsonElement? data, JsonElement? base64) => (data, base64) switch
    {
        (not null, not null) => throw InvalidEvent($"it has both {Data} and {DataBase64}"),
        ({ ValueKind: JsonValueKind.Object } json, _) => Encoding.UTF8.GetBytes(json.GetRawText()),
        (not null, _) => throw InvalidEvent($"{Data} must be a JSON object"),
        // Some senders encode JSON in base64, so data_base64 is read as JSON, whatever the datacontenttype is.
        (_, { ValueKind: JsonValueKind.String } text) when LenientJson.WellFormed(text.GetString) is not null
            && text.TryGetBytesFromBase64(out var bytes) => RequestBody.RequireUtf8(bytes),
        (_, not null) => throw InvalidEvent($"{DataBase64} must be a string of base64"),
        _ => throw InvalidEvent($"{Data} is missing"),
    };

    /// <summary>
    /// The name of an attribute for an error message. The caller chooses the names of extension attributes, so a name
    /// that could be an account id is left out.
    /// </summary>
    private static string Show(string name) =>
        name.Length is > 0 and <= MaxNameShown
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && name.Count(char.IsAsciiDigit) <= MaxDigitsShown
            ? name
            : "an attribute";

    private static ProblemException InvalidEvent(string cause) => Invalid($"is not a valid CloudEvent 1.0: {cause}");

    private static ProblemException Invalid(string message) => new(Problems.InvalidRequest("body", message));

    /// <summary>Collects and validates the attributes of a CloudEvent.</summary>
    /// <param name="prefix">The prefix of the attributes' names in error messages, such as <c>ce-</c>.</param>
    private sealed class Envelope(string prefix)
    {
        private readonly CloudEvent attributes = new(CloudEventsSpecVersion.V1_0);
        private bool hasSpecVersion;

        public void Set(string name, JsonElement value)
        {
            var isExtension = name != SpecVersion && attributes.GetAttribute(name) is null or { IsExtension: true };
            Set(name, value.ValueKind switch
            {
                JsonValueKind.String => LenientJson.WellFormed(value.GetString),
                JsonValueKind.True or JsonValueKind.False when isExtension => value.GetRawText(),
                JsonValueKind.Number when isExtension && value.TryGetInt32(out _) => value.GetRawText(),
                _ => null,
            });
        }

        /// <param name="name">The name.</param>
        /// <param name="value">
        /// The value of the attribute as text; null if the attribute cannot have a value of this type.
        /// </param>
        public void Set(string name, string? value)
        {
            if (name == SpecVersion)
            {
                hasSpecVersion = value == attributes.SpecVersion.VersionId
                    ? true
                    : throw InvalidAttribute(name, $"must be {attributes.SpecVersion.VersionId}");
                return;
            }

            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
            {
                throw InvalidAttribute(name, "has an invalid name: it must have only lower-case letters and digits");
            }

            try
            {
                attributes.SetAttributeFromString(name, value!);
            }
            catch (ArgumentException)
            {
                throw InvalidAttribute(name, attributes.GetAttribute(name) is { IsExtension: false } known
                    ? $"must be a non-empty {known.Type}"
                    : "must be a string, a boolean or an integer of 32 bits");
            }
        }

        public void RequireAttributes()
        {
            if (!hasSpecVersion)
            {
                throw InvalidAttribute(SpecVersion, "is missing");
            }

            var required = attributes.SpecVersion.RequiredAttributes;
            if (required.FirstOrDefault(each => attributes[each] is null) is { } missing)
            {
                throw InvalidAttribute(missing.Name, "is missing");
            }
        }

        private ProblemException InvalidAttribute(string name, string what) =>
            InvalidEvent($"{prefix}{Show(name)} {what}");
    }
}
