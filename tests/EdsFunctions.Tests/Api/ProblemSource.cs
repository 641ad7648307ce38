using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Api;

/// <summary>A problem type of the HTTP API.</summary>
/// <param name="Name">The type of the problem without its prefix.</param>
/// <param name="Status">The HTTP status.</param>
internal sealed record ProblemKind(string Name, int Status);

/// <summary>Reads all problem types from the source code.</summary>
internal static partial class ProblemSource
{
    /// <exception cref="InvalidOperationException">
    /// The source code creates a problem whose type or status is not a literal.
    /// </exception>
    public static IReadOnlyList<ProblemKind> Read()
    {
        var sources = Directory
            .EnumerateFiles(Repository.Path("src", "EdsFunctions.Core"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText).ToArray();
        var problems = sources.SelectMany(source => Created.Matches(source)).Select(match => new ProblemKind(
            match.Groups["type"].Value,
            (int)typeof(StatusCodes).GetField(match.Groups["status"].Value)!.GetRawConstantValue()!)).ToList();
        return problems.Count == sources.Sum(source => AnyCreated.Count(source))
            ? problems
            : throw new InvalidOperationException("A problem is not created with a literal type, title and status.");
    }

    [GeneratedRegex("""new Problem\(\s*"(?<type>[^"]+)",\s*"[^"]+",\s*StatusCodes\.(?<status>\w+)""")]
    private static partial Regex Created { get; }

    [GeneratedRegex(@"\bnew Problem\(")]
    private static partial Regex AnyCreated { get; }
}
