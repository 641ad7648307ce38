using System.Net.Mime;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace EdsFunctions.Core.Api;

/// <summary>
/// Reads the data of a CloudEvent 1.0 in both modes of its HTTP binding: structured (the envelope is in the body) and
/// binary (the envelope is in headers).
/// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
/// </summary>
internal static class CloudEventBody
{
    private const string StructuredType = "application/cloudevents+json";
    private const string HeaderPrefix = "ce-";

    private static readonly JsonEventFormatter Formatter = new();

    /// <returns>The data; the body itself if it is not a CloudEvent.</returns>
    /// <exception cref="ProblemException">The CloudEvent is malformed.</exception>
    public static ReadOnlyMemory<byte> Read(HttpRequest request, ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        if (request.ContentType?.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase) is true)
        {
            return ReadStructured(request.ContentType, body, errors);
        }

        return request.Headers.Keys.Any(IsAttribute) && !HasValidEnvelope(request)
            ? throw Invalid(errors)
            : body;
    }

    private static ReadOnlyMemory<byte> ReadStructured(
        string contentType, ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        try
        {
            var type = new ContentType(contentType);
            return type.MediaType.Equals(StructuredType, StringComparison.OrdinalIgnoreCase)
                && Formatter.DecodeStructuredModeMessage(body, type, extensionAttributes: null).Data is JsonElement data
                    ? Encoding.UTF8.GetBytes(data.GetRawText())
                    : throw Invalid(errors);
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or JsonException or InvalidOperationException)
        {
            throw Invalid(errors);
        }
    }

    private static bool HasValidEnvelope(HttpRequest request)
    {
        const string SpecVersion = "specversion";
        try
        {
            var envelope = new CloudEvent(CloudEventsSpecVersion.V1_0);
            foreach (var (name, value) in request.Headers.Where(header => IsAttribute(header.Key)))
            {
                var attribute = name[HeaderPrefix.Length..].ToLowerInvariant();
                if (attribute != SpecVersion)
                {
                    envelope.SetAttributeFromString(attribute, Uri.UnescapeDataString(value.ToString()));
                }
            }

            return request.Headers[HeaderPrefix + SpecVersion] == envelope.SpecVersion.VersionId && envelope.IsValid;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsAttribute(string header) =>
        header.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase);

    private static ProblemException Invalid(FieldErrors errors)
    {
        errors.Add("body", "must be a CloudEvent 1.0 with id, source, type and JSON data");
        return new ProblemException(Problems.InvalidRequest(errors));
    }
}
