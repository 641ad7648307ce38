namespace EdsFunctions;

/// <summary>Declares, for the OpenAPI document, the query parameters of a request.</summary>
/// <param name="type">A type with a property per parameter.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QueryParametersAttribute(Type type) : Attribute
{
    public Type Type => type;
}
