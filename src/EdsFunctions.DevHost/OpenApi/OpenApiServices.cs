using Microsoft.AspNetCore.OpenApi;

namespace EdsFunctions.DevHost.OpenApi;

/// <summary>Generates the OpenAPI document from the triggers. The app serves a copy, docs/openapi.json.</summary>
internal static class OpenApiServices
{
    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            // The same options as EdsJson.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        services.AddOpenApi(options =>
        {
            // HEAD does the same as GET, and both would have the same operation id, which must be unique.
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
