using System.Diagnostics.CodeAnalysis;

namespace EdsFunctions;

/// <summary>
/// Declares, for the OpenAPI document, the body of a request. Several types with the same content type are
/// alternatives.
/// </summary>
/// <param name="type">
/// The type of the body in JSON; <see cref="JsonObject"/> for a format that a platform defines.
/// </param>
/// <param name="example">A valid body.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequestBodyAttribute(Type type, [StringSyntax("Json")] string example) : Attribute
{
    /// <summary>A request for a code as the data of a CloudEvent.</summary>
    [StringSyntax("Json")]
    public const string CloudEvent = """
        {
          "specversion": "1.0",
          "id": "4f9c1f7e",
          "source": "/cmdb",
          "type": "eds.verification.requested",
          "data": { "regionId": "cn-hangzhou", "cenId": "cen-3weq30r6t0s7t4abcd", "cenOwnerId": 1234567890123456 }
        }
        """;

    public Type Type => type;

    public string Example => example;

    public string ContentType { get; init; } = "application/json";

    public bool IsOptional { get; init; }
}
