using EdsFunctions.Core.Http;
using EdsFunctions.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdsFunctions.Tests.Http;

/// <summary>Reads which problems the app can answer with from the sources that make them: none can be forgotten.</summary>
internal static class ProblemSource
{
    /// <exception cref="InvalidOperationException">A problem is made in a way that is not understood.</exception>
    public static IReadOnlyList<ProblemKind> Read() =>
    [
        .. from path in Directory.EnumerateFiles(Repository.Path("src", "EdsFunctions.Core", "Http"), "*.cs")
           from made in CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot().DescendantNodes()
               .OfType<ObjectCreationExpressionSyntax>()
           where $"{made.Type}" == nameof(Problem)
           select Read(made),
    ];

    private static ProblemKind Read(ObjectCreationExpressionSyntax made) =>
        made.ArgumentList?.Arguments.Take(3).Select(argument => argument.Expression).ToArray() is
        [
            LiteralExpressionSyntax { Token.Value: string type },
            LiteralExpressionSyntax { Token.Value: string title },
            MemberAccessExpressionSyntax { Name: var status },
        ]
            ? new ProblemKind(
                Problems.TypePrefix + type, title, (int)typeof(StatusCodes).GetField($"{status}")!.GetRawConstantValue()!)
            : throw new InvalidOperationException($"Not a type, a title and a status: {made}");
}
