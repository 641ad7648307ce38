using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdsFunctions.Tests.Hosts;

/// <summary>A trigger of the Functions app, as its source says it.</summary>
/// <param name="Function">The name of the function.</param>
/// <param name="Http">How it is called; null for a timer.</param>
/// <param name="Schedule">When it runs; null for HTTP.</param>
/// <param name="Endpoint">What it calls, such as <c>VerificationEndpoints.SendAsync</c>; empty if it is not one call.</param>
/// <param name="Syntax">The method.</param>
internal sealed record Trigger(
    string Function, HttpBinding? Http, string? Schedule, string Endpoint, MethodDeclarationSyntax Syntax)
{
    public override string ToString() => $"{Function}: {Syntax}";
}
