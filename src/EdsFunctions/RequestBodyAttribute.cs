using System.Diagnostics.CodeAnalysis;

namespace EdsFunctions;

/// <summary>
/// Declares the body of a request for the OpenAPI document. Types with the same content type are alternatives.
/// </summary>
/// <param name="type">The body on the wire; <see cref="JsonObject"/> for a format that others define.</param>
/// <param name="example">A valid body.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequestBodyAttribute(Type type, [StringSyntax("Json")] string example) : Attribute
{
    public Type Type => type;

    public string Example => example;

    public string ContentType { get; init; } = "application/json";

    public bool IsOptional { get; init; }
}
