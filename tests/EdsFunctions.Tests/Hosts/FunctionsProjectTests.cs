using System.Xml.Linq;

namespace EdsFunctions.Tests.Hosts;

/// <summary>What a build of the Functions app does not notice.</summary>
public sealed class FunctionsProjectTests
{
    /// <summary>Versions that ran together on a real host; a newer one is a decision, not an update.</summary>
    private static readonly string[] WorkerPackages =
    [
        "Microsoft.Azure.Functions.Worker 2.52.0",
        "Microsoft.Azure.Functions.Worker.Extensions.Http 3.3.0",
        "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore 2.1.1",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer 4.3.1",
        "Microsoft.Azure.Functions.Worker.OpenTelemetry 1.2.0",
        "Microsoft.Azure.Functions.Worker.Sdk 2.1.0",
    ];

    private static readonly XElement Project = XElement.Load(Repository.Path("src", "EdsFunctions", "EdsFunctions.csproj"));

    [Fact]
    public void The_worker_packages_have_the_versions_that_belong_together()
    {
        var versions = XElement.Load(Repository.Path("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}")
            .Where(package => package.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal));

        Assert.Equal(WorkerPackages, versions.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Project.Descendants(), element => element.Attribute("VersionOverride") is not null);
    }

    [Fact]
    public void Host_settings_are_published_and_local_ones_never()
    {
        var files = Project.Descendants("None").ToDictionary(file => file.Attribute("Link")!.Value);

        Assert.Equal("PreserveNewest", files["host.json"].Attribute("CopyToOutputDirectory")?.Value);
        Assert.Equal("Never", files["local.settings.json"].Attribute("CopyToPublishDirectory")?.Value);
    }
}
