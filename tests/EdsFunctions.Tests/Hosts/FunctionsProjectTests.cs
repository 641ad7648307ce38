using System.Xml.Linq;

namespace EdsFunctions.Tests.Hosts;

/// <summary>Checks files of the Functions app that its build does not check.</summary>
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

    /// <summary>
    /// When a function times out, the Functions host restarts the worker, which ends all requests in progress.
    /// </summary>
    [Fact]
    public void HostJson_FunctionTimeout_IsLongerThanAnyRun()
    {
        var steps = MaintenanceRun.StepTimeout * 7;

        Assert.InRange(
            TimeSpan.Parse(HostJson.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture),
            steps + TimeSpan.FromMinutes(1),
            TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void HostJson_LogLevels_DifferFromTheDefault()
    {
        var levels = HostJson.GetProperty("logging").GetProperty("logLevel").EnumerateObject()
            .ToDictionary(level => level.Name, level => level.Value.GetString());

        Assert.DoesNotContain(levels, level => level.Key != "default" && level.Value == levels["default"]);
    }

    private static JsonElement HostJson =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Repository.Path("host.json")));
}
