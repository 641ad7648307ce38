using System.Text.RegularExpressions;
using EdsFunctions.Tests.Documents;

namespace EdsFunctions.Tests.Infra;

/// <summary>
/// The runbook (<c>docs/operations.md</c>, <c>docs/alerts.md</c>) and the RAM policies describe what the template
/// deploys and what the app calls. The commands in the runbook use only names that exist.
/// </summary>
public sealed partial class RunbookTests(BicepCompiler bicep)
{
    private static readonly string Runbook = File.ReadAllText(Repository.Path("docs", "operations.md"));
    private static readonly string Alerts = File.ReadAllText(Repository.Path("docs", "alerts.md"));

    [Fact]
    public async Task Diagram_OfTheDeployment_ShowsEachRoleAndItsResource()
    {
        var nodes = new Dictionary<string, string>
        {
            ["storageAccounts"] = "storage",
            ["vaults"] = "vault",
            ["components"] = "insights",
        };
        var assigned = (await bicep.DefaultsAsync()).OfType("Microsoft.Authorization/roleAssignments")
            .Select(assignment => $"{assignment.Role} on {nodes[assignment.Scope.Split('/')[^2]]}");

        var drawn = Arrow.Matches(Runbook).SelectMany(arrow =>
            arrow.Groups["roles"].Value.Split(", ").Select(role => $"{role} on {arrow.Groups["node"].Value}"));

        Assert.Equal(assigned.Order(StringComparer.Ordinal), drawn.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Alert_Description_NamesItsSection()
    {
        var alerts = (await bicep.DefaultsAsync()).OfType("Microsoft.Insights/scheduledQueryRules")
            .Select(alert => Section.Match(alert["properties.description"]!).Groups[1].Value);
        var responses = Alerts.Split("\n## ")
            .Single(section => section.StartsWith("Responses\n", StringComparison.Ordinal));

        Assert.Equal(Heading.Matches(responses).Select(heading => heading.Groups[1].Value).Order(), alerts.Order());
    }

    [Fact]
    public async Task Command_Variable_IsAnOutputOrAParameter()
    {
        var template = await bicep.TemplateAsync();
        // azd sets the variable with the subscription itself, in addition to the outputs of the template.
        var outputs = template.GetProperty("outputs").EnumerateObject().Select(output => output.Name)
            .Append("AZURE_SUBSCRIPTION_ID");
        var parameters = template.GetProperty("parameters").EnumerateObject()
            .Select(parameter => TemplateTests.AzdVariable(parameter.Name));

        Assert.Subset(outputs.ToHashSet(), Names(OutputVariable));
        Assert.Subset(parameters.ToHashSet(), Names(ParameterVariable));
    }

    [Fact]
    public async Task Command_Parameter_IsInTheTemplate()
    {
        var parameters = (await bicep.TemplateAsync()).GetProperty("parameters").EnumerateObject()
            .Select(parameter => parameter.Name).ToHashSet();
        var arguments = Assert.Single(ParameterArguments.Matches(Runbook)).Groups[1].Value;
        var table = Runbook.Split("\n## ")
            .Single(section => section.StartsWith("Parameters\n", StringComparison.Ordinal));

        Assert.Subset(parameters, Names(ArgumentName, arguments));
        Assert.Subset(parameters, FirstColumn.Matches(table).SelectMany(row => Names(Code, row.Value)).ToHashSet());
    }

    [Fact]
    public void Command_Setting_IsAnOption()
    {
        var settings = Names(SettingName);
        var documented = File.ReadAllText(Repository.Path("docs", "configuration.md"));

        Assert.NotEmpty(settings);
        Assert.All(settings, setting => Assert.Contains(
            $"| `{setting.Replace("__", ":", StringComparison.Ordinal)}` |", documented, StringComparison.Ordinal));
    }

    /// <summary>
    /// The resource providers that are registered in an empty subscription. The runbook has to register all others.
    /// </summary>
    [Fact]
    public async Task Command_Providers_AreThoseOfTheResources()
    {
        string[] registered = ["Microsoft.Authorization", "Microsoft.Resources"];
        var resources = (await Task.WhenAll(bicep.DefaultsAsync(), bicep.EverythingAsync()))
            .SelectMany(snapshot => snapshot.Resources).Select(resource => resource.Type.Split('/')[0])
            // The Flex Consumption plan also needs Microsoft.App, although the template has no resource of this
            // provider.
            .Append("Microsoft.App").Except(registered);

        Assert.Equal(resources.Distinct().Order(), Names(Provider).Order());
    }

    [Fact]
    public void Command_RunOfTheTimer_NamesItsFunction() => Assert.Contains(
        $"/admin/functions/{nameof(ReportTriggers.StaleVerificationReport)}\"", Runbook, StringComparison.Ordinal);

    /// <summary>
    /// The runbook lists the regions without availability zones. In all other regions, storage spans the zones.
    /// </summary>
    [Fact]
    public async Task Regions_WithoutZones_AreThoseOfTheTemplate()
    {
        var regions = (await bicep.TemplateAsync()).GetProperty("variables").GetProperty("regionsWithoutZones")
            .EnumerateArray().Select(region => $"`{region.GetString()}`").ToList();

        Assert.Contains(
            $"{string.Join(", ", regions.SkipLast(1))} and {regions[^1]} have none", Runbook, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docs/alerts.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/credentials.md")]
    public void File_InACommand_Exists(string document)
    {
        var files = MarkdownFile.Read(document).CommandBlocks
            .SelectMany(block => Argument.Matches(block.Text))
            .Select(argument => argument.Value)
            .ToArray();

        Assert.NotEmpty(files);
        // Commands refer to files from the folder infra, or from the root of the repository.
        Assert.All(files, file => Assert.True(
            Path.Exists(Repository.Path(file)) || Path.Exists(Repository.Path("infra", file)), file));
    }

    [Fact]
    public void Policy_OnlyFromAddress_DeniesAllOthers()
    {
        var policy = File.ReadAllText(Repository.Path("infra", "alibaba", "only-from-address.json"));
        var statement = Assert.Single(JsonElement.Parse(policy).GetProperty("Statement").EnumerateArray());
        var address = statement.GetProperty("Condition")
            .GetProperty("NotIpAddress").GetProperty("acs:SourceIp").GetString();

        Assert.Equal(
            ("Deny", "ecd:*"),
            (statement.GetProperty("Effect").GetString(), statement.GetProperty("Action").GetString()));
        Assert.Contains($"sed \"s/{address}/", Runbook, StringComparison.Ordinal);
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

    private static HashSet<string> Names(Regex name, string? text = null) =>
        name.Matches(text ?? Runbook + Alerts).Select(match => match.Groups[1].Value).ToHashSet();

    [GeneratedRegex("docs/alerts\\.md, \"([^\"]+)\"")]
    private static partial Regex Section { get; }

    [GeneratedRegex("^### (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"\$((?:AZURE|SERVICE|ALERTS)_\w+)")]
    private static partial Regex OutputVariable { get; }

    [GeneratedRegex(@"\b(EDS_[A-Z]\w*)")]
    private static partial Regex ParameterVariable { get; }

    [GeneratedRegex(@"--parameters (\w+=.*)\n")]
    private static partial Regex ParameterArguments { get; }

    [GeneratedRegex(@"(\w+)=")]
    private static partial Regex ArgumentName { get; }

    [GeneratedRegex(@"^\| `[^|]+\|", RegexOptions.Multiline)]
    private static partial Regex FirstColumn { get; }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"\b([A-Z][a-z]\w+?__\w+)")]
    private static partial Regex SettingName { get; }

    [GeneratedRegex(@"\b(Microsoft\.\w+)\b(?!/)")]
    private static partial Regex Provider { get; }

    [GeneratedRegex(@"\b(src|infra|tests|queries|alibaba)/[\w./-]+\w|\btable-backup\.sh")]
    private static partial Regex Argument { get; }
}
