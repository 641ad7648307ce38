using System.Text.RegularExpressions;
using EdsFunctions.Tests.Documents;

namespace EdsFunctions.Tests.Infra;

/// <summary><c>docs/operations.md</c> and the RAM policies say what is deployed and what the app calls.</summary>
public sealed partial class RunbookTests(BicepCompiler bicep)
{
    private static readonly string Runbook = File.ReadAllText(Repository.Path("docs", "operations.md"));

    [Fact]
    public async Task Diagram_OfTheDeployment_ShowsEachRoleAndItsResource()
    {
        var nodes = new Dictionary<string, string>
        {
            ["storageAccounts"] = "storage",
            ["vaults"] = "vault",
            ["components"] = "insights",
        };
        var assigned = (await bicep.DefaultsAsync()).Of("Microsoft.Authorization/roleAssignments")
            .Select(assignment => $"{assignment.Role} on {nodes[assignment.Scope.Split('/')[^2]]}");

        var drawn = Arrow.Matches(Runbook).SelectMany(arrow =>
            arrow.Groups["roles"].Value.Split(", ").Select(role => $"{role} on {arrow.Groups["node"].Value}"));

        Assert.Equal(assigned.Order(StringComparer.Ordinal), drawn.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Alert_Description_NamesASectionOfTheRunbook()
    {
        var alerts = (await bicep.DefaultsAsync()).Of("Microsoft.Insights/scheduledQueryRules").ToList();

        Assert.Equal(4, alerts.Count);
        Assert.All(alerts, alert =>
        {
            var section = Section.Match(alert["properties.description"]!);
            Assert.True(section.Success, alert.Name);
            Assert.Contains($"\n### {section.Groups[1].Value}\n", Runbook, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("docs/operations.md")]
    [InlineData("docs/credentials.md")]
    public void File_InACommand_Exists(string document)
    {
        var files = MarkdownFile.Read(document).CommandBlocks
            .SelectMany(block => Argument.Matches(block.Text))
            .Select(argument => argument.Value)
            .ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(Path.Exists(Repository.Path(file)), file));
    }

    [Fact]
    public void Policy_SendOnly_AllowsSendVerifyCodeOnly() =>
        Assert.Equal([SendVerifyCode.RamAction], AllowedActions("send-only.json"));

    [Fact]
    public void Policy_SendCheckAttach_AllowsEachOperationOnly() => Assert.Equal(
        typeof(EcdOperation<>).Assembly.GetTypes()
            .Where(type => type.BaseType is { IsGenericType: true } parent
                && parent.GetGenericTypeDefinition() == typeof(EcdOperation<>))
            .Select(type => (string)type.GetField(nameof(SendVerifyCode.RamAction))!.GetRawConstantValue()!)
            .Order(StringComparer.Ordinal),
        AllowedActions("send-check-attach.json"));

    private static IEnumerable<string> AllowedActions(string file)
    {
        var policy = JsonElement.Parse(File.ReadAllText(Repository.Path("infra", "alibaba", file)));
        var statement = Assert.Single(policy.GetProperty("Statement").EnumerateArray());
        var actions = statement.GetProperty("Action");

        Assert.Equal("Allow", statement.GetProperty("Effect").GetString());
        return actions.ValueKind == JsonValueKind.String
            ? [actions.GetString()!]
            : actions.EnumerateArray().Select(action => action.GetString()!).Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"id -->\|(?<roles>[^|]+)\| (?<node>\w+)")]
    private static partial Regex Arrow { get; }

    [GeneratedRegex("docs/operations\\.md, \"([^\"]+)\"")]
    private static partial Regex Section { get; }

    [GeneratedRegex(@"\b(src|infra|tests)/[\w./-]+\w")]
    private static partial Regex Argument { get; }
}
