using System.Xml.Linq;

namespace EdsFunctions.Tests.Hosts;

/// <summary>The project file of the Functions app, which no debug build reads.</summary>
public sealed class FunctionsProjectTests
{
    /// <summary>Versions that were run together on a real host; a newer one is a decision, not an update.</summary>
    private static readonly Dictionary<string, string> WorkerPackages = new()
    {
        ["Microsoft.Azure.Functions.Worker"] = "2.52.0",
        ["Microsoft.Azure.Functions.Worker.Extensions.Http"] = "3.3.0",
        ["Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore"] = "2.1.1",
        ["Microsoft.Azure.Functions.Worker.Extensions.Timer"] = "4.3.1",
        ["Microsoft.Azure.Functions.Worker.OpenTelemetry"] = "1.2.0",
        ["Microsoft.Azure.Functions.Worker.Sdk"] = "2.1.0",
    };

    private static readonly XElement Project = XElement.Load(Repository.Path("src", "EdsFunctions", "EdsFunctions.csproj"));

    [Fact]
    public void It_refers_to_the_worker_packages_and_no_other_by_name() => Assert.Equal(
        WorkerPackages.Keys.Order(),
        Project.Descendants("PackageReference").Select(Include).Order());

    [Fact]
    public void The_worker_packages_have_the_versions_that_belong_together()
    {
        var versions = XElement.Load(Repository.Path("Directory.Packages.props")).Descendants("PackageVersion")
            .Where(package => Include(package).StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal))
            .ToDictionary(Include, package => package.Attribute("Version")!.Value);

        Assert.Equal(WorkerPackages.OrderBy(package => package.Key), versions.OrderBy(package => package.Key));
        Assert.All(Project.Descendants("PackageReference"), package => Assert.Null(package.Attribute("VersionOverride")));
    }

    [Fact]
    public void It_is_the_same_in_every_build()
    {
        XName[] mayDiffer = ["None"];

        Assert.All(
            Project.DescendantsAndSelf().Where(element => element.Attribute("Condition") is not null),
            element => Assert.Contains(element.Name, mayDiffer));
        Assert.Empty(Project.Descendants("Choose"));
    }

    [Theory]
    [InlineData("AzureFunctionsVersion", "v4")]
    [InlineData("OutputType", "Exe")]
    public void A_property_that_the_host_needs_is_set(string property, string value) =>
        Assert.Equal(value, Assert.Single(Project.Descendants(property)).Value);

    [Fact]
    public void It_refers_to_the_web_framework_and_of_our_projects_to_the_core_only()
    {
        Assert.Equal("Microsoft.AspNetCore.App", Include(Assert.Single(Project.Descendants("FrameworkReference"))));
        Assert.Equal(
            "../EdsFunctions.Core/EdsFunctions.Core.csproj", Include(Assert.Single(Project.Descendants("ProjectReference"))));
    }

    [Fact]
    public void The_settings_of_the_root_come_along_and_the_local_ones_are_never_published()
    {
        var host = Assert.Single(Project.Descendants("None"), file => file.Attribute("Link")?.Value == "host.json");
        var local = Assert.Single(Project.Descendants("None"), file => file.Attribute("Link")?.Value == "local.settings.json");

        Assert.Equal("../../host.json", Include(host));
        Assert.Equal("PreserveNewest", host.Attribute("CopyToOutputDirectory")?.Value);
        Assert.Null(host.Attribute("Condition"));
        Assert.Equal("../../local.settings.json", Include(local));
        Assert.Equal("PreserveNewest", local.Attribute("CopyToOutputDirectory")?.Value);
        Assert.Equal("Never", local.Attribute("CopyToPublishDirectory")?.Value);
        Assert.Equal("Exists('../../local.settings.json')", local.Attribute("Condition")?.Value);
    }

    private static string Include(XElement item) => item.Attribute("Include")?.Value ?? "";
}
