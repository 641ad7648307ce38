using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.Http.Metadata;

namespace EdsFunctions;

/// <summary>Declares with which problems a function responds, for the OpenAPI document.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="problems">Their types, without the prefix; none for a response of the host, which has no body.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ProblemResponseAttribute(int status, params string[] problems)
    : Attribute, IProducesResponseTypeMetadata
{
    public int StatusCode => status;

    public IReadOnlyList<string> Problems => problems;

    public Type? Type => problems.Length > 0 ? typeof(Problem) : typeof(void);

    public IEnumerable<string> ContentTypes => problems.Length > 0 ? ["application/problem+json"] : [];

    public string? Description => null;
}
