using System.Xml.Linq;

namespace EdsFunctions.Tests.Hosts;

/// <summary>Files that a build of the Functions app does not check.</summary>
public sealed class FunctionsProjectTests
{
    [Fact]
    public void Project_Publish_IncludesHostSettingsOnly()
    {
        var project = XElement.Load(Repository.Path("src", "EdsFunctions", "EdsFunctions.csproj"));
        var files = project.Descendants("None").ToDictionary(file => file.Attribute("Link")!.Value);

        Assert.Equal("PreserveNewest", files["host.json"].Attribute("CopyToOutputDirectory")?.Value);
        Assert.Equal("Never", files["local.settings.json"].Attribute("CopyToPublishDirectory")?.Value);
    }
}
