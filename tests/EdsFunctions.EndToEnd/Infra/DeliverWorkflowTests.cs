using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>
/// Checks the delivery workflow of GitHub Actions: its permissions, its actions, and the package that it deploys.
/// </summary>
public sealed partial class DeliverWorkflowTests
{
    private static readonly string Workflow = File.ReadAllText(Repository.Path(".github", "workflows", "deliver.yml"));

    [Fact]
    public void Workflow_Actions_ArePinnedToACommit()
    {
        var actions = Action.Matches(Workflow);

        Assert.NotEmpty(actions);
        Assert.All(
            actions,
            action => Assert.Matches(@"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", action.Groups[1].Value));
    }

    [Fact]
    public void Workflow_Permissions_ExcludeSecretsAndForks()
    {
        Assert.Contains("\npermissions: {}\n", Workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets.", Workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("pull_request_target", Workflow, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy", "    permissions:\n      contents: read\n      id-token: write\n    env:")]
    [InlineData(
        "deploy",
        "vars.AZURE_CLIENT_ID != '' && github.ref == 'refs/heads/main'\n      && github.event_name != 'pull_request'")]
    [InlineData("deploy", "    environment: production\n")]
    [InlineData("deploy", "    needs: [build, preview]\n")]
    // The job preview is skipped without the variables of Azure, and in a rollback. The job deploy must nevertheless
    // run in a rollback.
    [InlineData("deploy", "${{ !cancelled() && !failure() && vars.AZURE_CLIENT_ID != ''")]
    [InlineData(
        "preview",
        "${{ vars.AZURE_CLIENT_ID != '' && github.ref == 'refs/heads/main' && github.event_name != 'pull_request'\n"
            + "      && !inputs.release }}")]
    [InlineData("preview", "    environment: preview\n    permissions:\n      contents: read\n      id-token: write\n")]
    [InlineData("preview", "azd provision --preview --no-prompt | tee -a \"$GITHUB_STEP_SUMMARY\"")]
    [InlineData("build", "    permissions:\n      contents: read\n    steps:")]
    [InlineData("keep", "    permissions:\n      contents: write\n    steps:")]
    [InlineData("keep", "    needs: deploy\n")]
    // The workflow must include the hidden folder in the package, because the host finds the functions by this folder.
    [InlineData("build", "test -d .azurefunctions")]
    [InlineData("build", "include-hidden-files: true")]
    public void Workflow_Job_Contains(string job, string text) =>
        Assert.Contains(text, Job(job), StringComparison.Ordinal);

    [Fact]
    public void Workflow_Package_IsTestedBeforeUpload() => Assert.Matches(
        @"(?s)dotnet publish [^\n]* -o publish\n.*zip .*dotnet test.*EDS_PACKAGE: [^\n]*/publish\n.*upload-artifact",
        Job("build"));

    /// <summary>The workflow publishes with the command of the runbook, as azd does.</summary>
    [Fact]
    public void Workflow_Publish_IsTheCommandOfTheRunbook()
    {
        const string Command = "dotnet publish src/EdsFunctions -c Release -o publish\n";

        Assert.Contains(Command, Job("build"), StringComparison.Ordinal);
        Assert.Contains(Command, File.ReadAllText(Repository.Path("docs", "operations.md")), StringComparison.Ordinal);
    }

    /// <summary>The job preview runs without an approval, so it must change nothing.</summary>
    [Fact]
    public void Workflow_Preview_RunsNoOtherCommandOfAzd() => Assert.Equal(
        ["auth login", "provision --preview"],
        AzdCommand.Matches(Job("preview")).Select(command => command.Groups[1].Value));

    [Fact]
    public void Workflow_Deploy_ProvisionsDeploysAndWaits() => Assert.Matches(
        @"(?s)azd provision --no-prompt.*azd deploy api --from-package \.\./app\.zip.*curl .*--retry.*::error::",
        Job("deploy"));

    [Fact]
    public void Runbook_EnvironmentsOfTheWorkflow_GetFederatedCredentials() => Assert.Contains(
        $"for environment in {string.Join(' ', Environment.Matches(Workflow).Select(match => match.Groups[1].Value))};",
        File.ReadAllText(Repository.Path("docs", "operations.md")),
        StringComparison.Ordinal);

    [Fact]
    public void AzureYaml_Service_IsTheFunctionsApp()
    {
        var lines = File.ReadAllLines(Repository.Path("infra", "azure.yaml")).Select(line => line.Trim()).ToList();
        const string Project = "project: ";
        var project = Assert.Single(
            lines, line => line.StartsWith(Project, StringComparison.Ordinal))[Project.Length..];

        Assert.True(File.Exists(Repository.Path("infra", project, "EdsFunctions.csproj")));
        Assert.Contains("api:", lines);
        Assert.Contains("host: function", lines);
    }

    private static string Job(string name) =>
        Assert.Single(JobStart.Split(Workflow), job => job.StartsWith($"  {name}:\n", StringComparison.Ordinal));

    [GeneratedRegex(@"uses: (.+)")]
    private static partial Regex Action { get; }

    [GeneratedRegex(@"^(?!\s*#).*\bazd ([a-z]+(?: [a-z-]+)?)", RegexOptions.Multiline)]
    private static partial Regex AzdCommand { get; }

    [GeneratedRegex(@"^    environment: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Environment { get; }

    [GeneratedRegex(@"(?<=\n)(?=  [a-z]+:\n    )")]
    private static partial Regex JobStart { get; }
}
