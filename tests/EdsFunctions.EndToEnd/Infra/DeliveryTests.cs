using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>What the workflow may do, whose code it runs, and that nothing is missing from what it ships.</summary>
public sealed partial class DeliveryTests
{
    private static readonly string Workflow = File.ReadAllText(Repository.Path(".github", "workflows", "deliver.yml"));

    [Fact]
    public void Each_action_is_pinned_to_a_commit_and_names_its_version()
    {
        var uses = Uses().Matches(Workflow);

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(@"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line.Groups[1].Value));
    }

    [Fact]
    public void The_workflow_may_do_nothing_and_only_the_deployment_may_sign_in()
    {
        Assert.Contains("\npermissions: {}\n", Workflow, StringComparison.Ordinal);
        Assert.Contains("    permissions:\n      contents: read\n    steps:", Job("build"), StringComparison.Ordinal);
        Assert.Contains("    permissions:\n      id-token: write\n    steps:", Job("deploy"), StringComparison.Ordinal);
        Assert.DoesNotContain("secrets.", Workflow, StringComparison.Ordinal);
    }

    [Fact]
    public void No_pull_request_is_deployed()
    {
        Assert.Contains(
            "if: github.event_name != 'pull_request' && github.ref == 'refs/heads/main'", Job("deploy"), StringComparison.Ordinal);
        Assert.Contains("environment: production", Job("deploy"), StringComparison.Ordinal);
        Assert.DoesNotContain("pull_request_target", Workflow, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shipped_was_tested_and_keeps_its_hidden_files()
    {
        var build = Job("build");

        Assert.Contains("needs: build", Job("deploy"), StringComparison.Ordinal);
        Assert.True(
            build.IndexOf("dotnet test", StringComparison.Ordinal) is > 0 and var tested
            && tested < build.IndexOf("upload-artifact", StringComparison.Ordinal));
        Assert.Contains("test -d .azurefunctions", build, StringComparison.Ordinal);
        Assert.Contains("zip -qr ../app.zip .\n", build, StringComparison.Ordinal);
        Assert.Contains("include-hidden-files: true", build, StringComparison.Ordinal);
    }

    [Fact]
    public void The_service_that_azd_deploys_is_the_functions_app()
    {
        var lines = File.ReadAllLines(Repository.Path("infra", "azure.yaml")).Select(line => line.Trim()).ToList();
        var project = Assert.Single(lines, line => line.StartsWith("project: ", StringComparison.Ordinal))["project: ".Length..];

        Assert.True(File.Exists(Repository.Path("infra", project, "EdsFunctions.csproj")));
        Assert.Contains("api:", lines);
        Assert.Contains("host: function", lines);
    }

    private static string Job(string name) =>
        Assert.Single(Jobs().Split(Workflow), job => job.StartsWith($"  {name}:\n", StringComparison.Ordinal));

    [GeneratedRegex(@"uses: (.+)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"(?<=\n)(?=  [a-z]+:\n    )")]
    private static partial Regex Jobs();
}
