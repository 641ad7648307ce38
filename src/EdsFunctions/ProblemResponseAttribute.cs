using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.Http.Metadata;

namespace EdsFunctions;

/// <summary>Declares, for the OpenAPI document, the problems with which a function responds.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="problems">
/// The types of the problems, without their prefix. Empty if the Functions host sends the response, which then has no
/// body.
/// </param>
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
