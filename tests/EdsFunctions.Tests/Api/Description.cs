using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace EdsFunctions.Tests.Api;

/// <summary>The description of the HTTP interface, as it is built into the app.</summary>
internal static class Description
{
    public static string Text { get; } = ReadText();

    public static OpenApiDocument Document { get; } =
        Read(Text).Document ?? throw new InvalidOperationException("Not a document.");

    public static ReadResult Read(string text) => OpenApiDocument.Parse(text, OpenApiConstants.Json);

    /// <summary>Each operation with its path and its method in upper case.</summary>
    public static IEnumerable<(string Path, string Method, OpenApiOperation Operation)> Operations() =>
        from path in Document.Paths
        from operation in path.Value.Operations ?? []
        select (path.Key, operation.Key.Method.ToUpperInvariant(), operation.Value);

    public static OpenApiOperation Operation(string function) =>
        Operations().Single(described => described.Operation.OperationId == function).Operation;

    public static IOpenApiSchema Schema(string name) => Document.Components!.Schemas![name];

    /// <summary>The examples of a request or a response.</summary>
    public static IEnumerable<JsonNode> Examples(
        IDictionary<string, IOpenApiMediaType>? content, string mediaType = "application/json")
    {
        if (content is null || !content.TryGetValue(mediaType, out var media))
            return [];
        var named = media.Examples?.Values.Select(example => example.Value) ?? [];
        return named.Append(media.Example).OfType<JsonNode>();
    }

    private static string ReadText()
    {
        using var stream = typeof(ServiceEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
