using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdsFunctions.Tests.Hosts;

/// <summary>
/// Compiles the Functions app against <see cref="WorkerDeclarations"/> in place of the worker packages, and otherwise against
/// what the tests run on. It finds what the compiler of a build would; analyzers and the worker's generators do not run.
/// </summary>
internal static class FunctionsAppCompilation
{
    /// <summary>What <c>ImplicitUsings</c> of Microsoft.NET.Sdk adds; that of the web SDK would add more.</summary>
    private const string ImplicitUsings =
        """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Net.Http;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        """;

    /// <summary>An unnecessary using: hidden in an editor, an error of a build by .editorconfig.</summary>
    private const string UnnecessaryUsing = "CS8019";

    // Broken references in comments are warnings only where comments are read, and a build reads them.
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.ConsoleApplication,
        nullableContextOptions: NullableContextOptions.Enable,
        warningLevel: 9999,
        specificDiagnosticOptions: [new("CS1591", ReportDiagnostic.Suppress)]);

    private static readonly MetadataReference[] Platform = [.. PlatformAssemblies()];

    /// <summary>The compilation of the declarations.</summary>
    public static CSharpCompilation Worker { get; } = CSharpCompilation.Create(
        "Microsoft.Azure.Functions.Worker",
        [CSharpSyntaxTree.ParseText(WorkerDeclarations.Source, Parsing, "WorkerDeclarations.cs")],
        Platform,
        Options.WithOutputKind(OutputKind.DynamicallyLinkedLibrary));

    /// <summary>What is wrong with the app: errors, warnings, and unnecessary usings.</summary>
    /// <param name="sources">Text by path.</param>
    public static IReadOnlyList<Diagnostic> Check(IReadOnlyDictionary<string, string> sources)
    {
        SyntaxTree[] trees = [.. sources.Select(source => CSharpSyntaxTree.ParseText(source.Value, Parsing, source.Key))];
        var compilation = CSharpCompilation.Create(
            "EdsFunctions",
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, Parsing)],
            [.. Platform, Worker.ToMetadataReference()],
            Options);
        return
        [
            .. compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic =>
                diagnostic.Severity >= DiagnosticSeverity.Warning
                || (diagnostic.Id == UnnecessaryUsing && trees.Contains(diagnostic.Location.SourceTree))),
        ];
    }

    /// <summary>The frameworks and packages, and of our own assemblies the one that the app refers to.</summary>
    private static IEnumerable<MetadataReference> PlatformAssemblies() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(path => Path.GetFileNameWithoutExtension(path) is var name
            && (name == "EdsFunctions.Core" || !name.StartsWith("EdsFunctions.", StringComparison.Ordinal)))
        .Select(path => MetadataReference.CreateFromFile(path));
}
