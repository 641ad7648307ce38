using EdsFunctions.Tests.Infrastructure;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdsFunctions.Tests.Hosts;

/// <summary>
/// Reads which endpoint the development host calls for a function: routing knows a delegate only, the source names it.
/// </summary>
internal static class DevHostSource
{
    /// <summary>What is called, such as <c>VerificationEndpoints.SendAsync</c>, by the name of the function.</summary>
    public static IReadOnlyDictionary<string, string> ReadEndpoints()
    {
        var source = File.ReadAllText(Repository.Path("src", "EdsFunctions.DevHost", "FunctionMap.cs"));
        var mapped =
            from call in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
            let name = (call.Expression as MemberAccessExpressionSyntax)?.Name as GenericNameSyntax
            where name?.Identifier.Text == "MapFunction"
            let arguments = call.ArgumentList.Arguments
            select (
                Function: CoreConstants.Resolve(arguments[0].Expression),
                Endpoint: $"{name.TypeArgumentList.Arguments[0]}.{Called(arguments[^1].Expression)}");
        return mapped.ToDictionary(pair => pair.Function, pair => pair.Endpoint);
    }

    private static SimpleNameSyntax Called(ExpressionSyntax endpoint) =>
        endpoint is LambdaExpressionSyntax { Body: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } }
            ? call.Name
            : throw new InvalidOperationException($"Not one call: {endpoint}");
}
