using Microsoft.CodeAnalysis;

namespace EdsFunctions.Tests.Hosts;

/// <summary>
/// The Functions app is left out of a debug build, where its packages may be missing; that it compiles is seen here.
/// </summary>
public sealed class FunctionsAppCompilesTests
{
    [Fact]
    public void The_declarations_of_the_worker_compile() => Assert.Empty(FunctionsAppCompilation.Worker
        .GetDiagnostics(TestContext.Current.CancellationToken)
        .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));

    [Fact]
    public void The_functions_app_compiles_without_a_warning()
    {
        var sources = FunctionsAppSources.Read();

        Assert.Contains("Program.cs", sources.Keys);
        Assert.Empty(FunctionsAppCompilation.Check(sources));
    }

    [Theory]
    [InlineData("VerificationTriggers.cs", "endpoints.SendAsync(", "endpoints.SendAsnyc(", "CS1061")]
    [InlineData("VerificationTriggers.cs", "endpoints.GetAsync(request)", "endpoints.GetAsync()", "CS7036")]
    [InlineData("VerificationTriggers.cs", "AuthorizationLevel.Function", "AuthorizationLevel.Functions", "CS0117")]
    [InlineData("VerificationTriggers.cs", "cref=\"VerificationEndpoints\"", "cref=\"VerificationEndpoint\"", "CS1574")]
    [InlineData("ReportTriggers.cs", "TimerTrigger(Routes.StaleReportSchedule)", "TimerTrigger", "CS7036")]
    [InlineData("ServiceTriggers.cs", "Route = Routes.Health", "Template = Routes.Health", "CS0246")]
    [InlineData("Program.cs", "builder.ConfigureFunctionsWebApplication", "builder.ConfigureFunctionsWebApp", "CS1061")]
    [InlineData("Program.cs", "builder.Build()", "builder.Build", "CS1503")]
    [InlineData("Program.cs", "using EdsFunctions.Core;", "using EdsFunctions.Core;\nusing EdsFunctions.Core.Vault;", "CS8019")]
    [InlineData("Program.cs", "using EdsFunctions.Core;", "using EdsFunctions.Core;\nusing EdsFunctions.DevHost;", "CS0234")]
    public void A_mistake_in_the_functions_app_is_seen(string file, string from, string to, string expected)
    {
        var seen = FunctionsAppCompilation.Check(FunctionsAppSources.ReadWith(file, from, to));

        Assert.Contains(seen, diagnostic => diagnostic.Id == expected && diagnostic.Location.SourceTree?.FilePath == file);
    }
}
