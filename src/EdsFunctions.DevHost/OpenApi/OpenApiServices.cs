using Microsoft.AspNetCore.OpenApi;

namespace EdsFunctions.DevHost.OpenApi;

/// <summary>Generates the OpenAPI document from the triggers. The app serves a copy: docs/openapi.json.</summary>
internal static class OpenApiServices
{
    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            // The document must describe JSON as EdsJson writes it, so use the same options.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        services.AddOpenApi(options =>
        {
            // Leave out HEAD: GET and HEAD would have the same operation id, which must be unique.
            options.ShouldInclude = operation => operation.HttpMethod != HttpMethods.Head;
            options.CreateSchemaReferenceId = type => type.Type == typeof(JsonObject)
                ? null
                : OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("View", "", StringComparison.Ordinal);
            options.AddSchemaTransformer<SchemaTransformer>();
            options.AddOperationTransformer<RequestTransformer>();
            options.AddOperationTransformer<ResponseTransformer>();
            options.AddDocumentTransformer<DocumentTransformer>();
        });
    }
}
