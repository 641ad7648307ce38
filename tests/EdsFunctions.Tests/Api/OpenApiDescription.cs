using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Api;

/// <summary>The OpenAPI document that is embedded in the app.</summary>
internal static class OpenApiDescription
{
    public static string Text { get; } = ReadText();

    public static OpenApiDocument Document { get; } =
        OpenApiDocument.Parse(Text, OpenApiConstants.Json).Document
        ?? throw new InvalidOperationException("openapi.json is no OpenAPI document.");

    /// <summary>All operations in the document, with the HTTP method in upper case.</summary>
    public static IEnumerable<(string Path, string Method, OpenApiOperation Operation)> Operations() =>
        from path in Document.Paths
        from operation in path.Value.Operations ?? []
        select (path.Key, operation.Key.Method.ToUpperInvariant(), operation.Value);

    public static OpenApiOperation Operation(string function) =>
        Operations().Single(described => described.Operation.OperationId == function).Operation;

    public static IOpenApiSchema Schema(string name) => Document.Components!.Schemas![name];

    private static string ReadText()
    {
        using var stream = typeof(ServiceEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
