using System.Xml.Linq;

namespace EdsFunctions.Tests.Hosts;

/// <summary>What a build of the Functions app does not notice.</summary>
public sealed class FunctionsProjectTests
{
    [Fact]
    public void Host_settings_are_published_and_local_ones_never()
    {
        var project = XElement.Load(Repository.Path("src", "EdsFunctions", "EdsFunctions.csproj"));
        var files = project.Descendants("None").ToDictionary(file => file.Attribute("Link")!.Value);

        Assert.Equal("PreserveNewest", files["host.json"].Attribute("CopyToOutputDirectory")?.Value);
        Assert.Equal("Never", files["local.settings.json"].Attribute("CopyToPublishDirectory")?.Value);
    }
}
