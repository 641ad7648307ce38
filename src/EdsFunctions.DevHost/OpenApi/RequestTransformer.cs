using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Azure.Functions.Worker;
using Microsoft.OpenApi;

namespace EdsFunctions.DevHost.OpenApi;

/// <summary>
/// Describes the access, the parameters and the bodies of requests in the OpenAPI document. ASP.NET Core cannot infer
/// them, because a trigger has the HttpRequest as its only parameter.
/// </summary>
internal sealed class RequestTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var trigger = context.Description.ActionDescriptor.EndpointMetadata;
        var bodies = new Dictionary<RequestBodyAttribute, IOpenApiSchema>();
        foreach (var body in trigger.OfType<RequestBodyAttribute>())
        {
            bodies[body] = Describe(body, await SchemaAsync(body.Type), context.Document!);
        }

        var requiresKey = trigger.OfType<HttpTriggerAttribute>().Single().AuthLevel != AuthorizationLevel.Anonymous;
        operation.Security = requiresKey
            ? [Key(DocumentTransformer.KeyInHeader), Key(DocumentTransformer.KeyInQuery)]
            : [];
        operation.Parameters = [];
        if (context.Description.RelativePath!.Contains("{id", StringComparison.Ordinal))
        {
            operation.Parameters.Add(Parameter(
                "id", ParameterLocation.Path, "The id of the verification.", new() { Format = "uuid" }));
        }

        if (context.Description.RelativePath!.Contains("{platform", StringComparison.Ordinal))
        {
            operation.Parameters.Add(Parameter(
                "platform", ParameterLocation.Path, "The name of the platform in any case, such as slack.", new()));
        }

        if (requiresKey && bodies.Count > 0)
        {
            operation.Parameters.Add(Parameter(
                IdempotencyKeyHeader.Name,
                ParameterLocation.Header,
                "Identifies the request for 48 hours. A repeat with the same key does nothing and gets the first "
                + "response; after a transient failure (503) it is tried again. Keys are separate per function key.",
                IdempotencyKey()));
            operation.Parameters.Add(Parameter(
                IdempotencyKeyHeader.QueryName,
                ParameterLocation.Query,
                $"The same as {IdempotencyKeyHeader.Name}, for callers that can set no header.",
                IdempotencyKey()));
        }

        if (trigger.OfType<QueryParametersAttribute>().SingleOrDefault() is { } query)
        {
            foreach (var (name, schema) in (await SchemaAsync(query.Type)).Properties!)
            {
                operation.Parameters.Add(Parameter(
                    name, ParameterLocation.Query, schema.Description, (OpenApiSchema)schema));
            }
        }

        if (bodies.Count > 0)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Description = $"At most {RequestBody.MaxBytes} bytes.",
                Required = !bodies.Keys.First().IsOptional,
                Content = bodies.GroupBy(body => body.Key.ContentType).ToDictionary(
                    same => same.Key,
                    same => new OpenApiMediaType
                    {
                        Schema = same.Count() == 1
                            ? same.First().Value
                            : new OpenApiSchema { OneOf = [.. same.Select(body => body.Value)] },
                        Examples = same.ToDictionary(
                            body => body.Key.Type.Name,
                            body => (IOpenApiExample)new OpenApiExample { Value = JsonNode.Parse(body.Key.Example) }),
                    }),
            };
        }

        Task<OpenApiSchema> SchemaAsync(Type type) =>
            context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken);

        static OpenApiSchema IdempotencyKey() => new() { MinLength = 1, MaxLength = 255, Pattern = "^[!-~]+$" };

        OpenApiSecurityRequirement Key(string name) =>
            new() { [new OpenApiSecuritySchemeReference(name, context.Document)] = [] };
    }

    private static IOpenApiSchema Describe(RequestBodyAttribute body, OpenApiSchema schema, OpenApiDocument document)
    {
        if (body.Type == typeof(JsonObject))
        {
            // A platform defines the format of this body, so the document describes it by an example only.
            schema.Properties = JsonNode.Parse(body.Example)!.AsObject().ToDictionary(
                field => field.Key,
                field => (IOpenApiSchema)new OpenApiSchema
                {
                    Type = field.Value is JsonObject ? JsonSchemaType.Object : JsonSchemaType.String,
                });
            return schema;
        }

        if (document.AddComponent(body.Type.Name, schema) && body.Type == typeof(AlibabaSendRequest))
        {
            const int MaxLength = SendRequest.MaxExtraInfo;
            var text = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = MaxLength };
            schema.Properties!["ExtraInfo"] = new OpenApiSchema { OneOf = [schema.Properties["ExtraInfo"], text] };
        }

        return new OpenApiSchemaReference(body.Type.Name, document);
    }

    private static OpenApiParameter Parameter(
        string name, ParameterLocation location, string? description, OpenApiSchema schema)
    {
        schema.Type ??= JsonSchemaType.String;
        schema.Description = null;
        return new OpenApiParameter
        {
            Name = name,
            In = location,
            Required = location == ParameterLocation.Path,
            Description = description,
            Schema = schema,
        };
    }
}
