using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdsFunctions.DevHost.OpenApi;

/// <summary>Describes, in the OpenAPI document, the types whose JSON differs from their form in C#.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    private static readonly Dictionary<Type, OpenApiSchema> Values = new()
    {
        [typeof(CenId)] = Text(CenId.MaxLength, $"^{CenId.Pattern}$"),
        [typeof(CidrBlock)] = Text(CidrBlock.MaxLength),
        [typeof(OfficeSiteId)] = Text(OfficeSiteId.MaxLength),
        [typeof(VerifyCode)] = Text(VerifyCode.MaxLength, "^[A-Za-z0-9]+$"),
        [typeof(AccountId)] = new()
        {
            OneOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" },
                new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[1-9][0-9]{0,18}$" },
            ],
        },
    };

    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (Values.TryGetValue(type, out var value))
        {
            (schema.Type, schema.MaxLength, schema.Pattern) = (value.Type, value.MaxLength, value.Pattern);
            (schema.OneOf, schema.Properties, schema.Required) = (value.OneOf, null, null);
        }
        else if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Object, Properties: var properties })
        {
            schema.Required = properties.Where(one => !IsOptional(one)).Select(one => one.Name).ToHashSet();
            schema.AdditionalPropertiesAllowed =
                !type.Name.EndsWith("Request", StringComparison.Ordinal) && type != typeof(ExtraInfo);
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }

        if (context.JsonPropertyInfo is { } self && IsOptional(self))
        {
            schema.Type &= ~JsonSchemaType.Null;
            schema.Enum = schema.Enum?.Where(name => name is not null).ToList();
            schema.Metadata?.Remove("x-is-nullable-property");
        }

        if (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), false)
            is [AllowedValuesAttribute allowed])
        {
            schema.Enum = [.. allowed.Values.Select(one => JsonValue.Create((string)one!))];
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Whether JSON may lack the property. The app leaves a property out if its value is null, unless the property has
    /// another <c>JsonIgnore</c> condition.
    /// </summary>
    private static bool IsOptional(JsonPropertyInfo property) =>
        property.IsGetNullable && property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), false) is not true;

    private static OpenApiSchema Text(int maxLength, string? pattern = null) =>
        new() { Type = JsonSchemaType.String, MaxLength = maxLength, Pattern = pattern };
}
