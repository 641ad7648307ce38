using System.Reflection;
using EdsFunctions.Core.Http;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdsFunctions.Tests.Hosts;

/// <summary>The values of texts in a source that is read without being compiled.</summary>
internal static class CoreConstants
{
    /// <param name="expression">A literal, or a constant beside <see cref="Routes"/>, such as <c>Routes.Health</c>.</param>
    public static string Resolve(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax { Token.Value: string text } => text,
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax type, Name: var name }
            when Field($"{type}", $"{name}") is { IsLiteral: true } field => (string)field.GetRawConstantValue()!,
        _ => throw new InvalidOperationException($"Not a constant: {expression}"),
    };

    private static FieldInfo? Field(string type, string name) =>
        typeof(Routes).Assembly.GetType($"{typeof(Routes).Namespace}.{type}")?.GetField(name);
}
