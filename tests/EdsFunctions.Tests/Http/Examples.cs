using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Http;

/// <summary>The examples in the description.</summary>
internal static class Examples
{
    public static IEnumerable<JsonNode> Of(IOpenApiResponse response, string mediaType) => Of(response.Content, mediaType);

    public static IEnumerable<JsonNode> Of(IOpenApiRequestBody body) => Of(body.Content, "application/json");

    private static IEnumerable<JsonNode> Of(IDictionary<string, IOpenApiMediaType>? content, string mediaType)
    {
        if (content is null || !content.TryGetValue(mediaType, out var media))
        {
            return [];
        }

        var named = media.Examples?.Values.Select(example => example.Value) ?? [];
        return named.Append(media.Example).OfType<JsonNode>();
    }
}
