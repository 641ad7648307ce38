namespace EdsFunctions;

/// <summary>Declares the query parameters of a request for the OpenAPI document.</summary>
/// <param name="type">A type with a property per parameter.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QueryParametersAttribute(Type type) : Attribute
{
    public Type Type => type;
}
