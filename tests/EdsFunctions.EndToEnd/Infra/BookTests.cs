using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>The book says what is there.</summary>
public sealed partial class BookTests(BicepCompiler bicep)
{
    /// <summary>The names of the roles, as the portal shows them.</summary>
    private static readonly Dictionary<string, string> RoleNames = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    private static readonly Dictionary<string, string> Places = new()
    {
        ["Microsoft.Storage/storageAccounts"] = "storage",
        ["Microsoft.KeyVault/vaults"] = "vault",
        ["Microsoft.Insights/components"] = "insights",
    };

    private static readonly string Book = File.ReadAllText(Repository.Path("infra", "README.md"));

    [Fact]
    public async Task The_diagram_shows_each_role_and_what_it_reaches()
    {
        var snapshot = await bicep.DefaultsAsync();
        var given = snapshot.Of("Microsoft.Authorization/roleAssignments").Select(assignment =>
            $"{RoleNames[assignment["properties.roleDefinitionId"]!.Split('/')[^1]]} on {Places[Type(assignment.Scope!)]}");

        var drawn = Arrow.Matches(Book).SelectMany(arrow =>
            arrow.Groups["roles"].Value.Split(", ").Select(role => $"{role} on {arrow.Groups["place"].Value}"));

        Assert.Equal(given.Order(StringComparer.Ordinal), drawn.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_alert_leads_to_a_section_that_is_there()
    {
        var sections = Section.Matches(File.ReadAllText(Repository.Path("infra", "modules", "alerts.bicep")))
            .Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal(4, sections.Length);
        Assert.All(sections, section => Assert.Contains($"\n### {section}\n", Book, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("send-only.json", "ecd:SendVerifyCode")]
    [InlineData("send-check-attach.json", "ecd:AttachCen", "ecd:DescribeOfficeSites", "ecd:SendVerifyCode", "ecd:VerifyCen")]
    public void A_policy_allows_what_the_app_calls_and_nothing_else(string file, params string[] actions)
    {
        using var policy = JsonDocument.Parse(File.ReadAllText(Repository.Path("infra", "alibaba", file)));

        var statement = Assert.Single(policy.RootElement.GetProperty("Statement").EnumerateArray());

        Assert.Equal("Allow", statement.GetProperty("Effect").GetString());
        var allowed = statement.GetProperty("Action") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(action => action.GetString()!)
            : [statement.GetProperty("Action").GetString()!];
        Assert.Equal(actions, allowed.Order(StringComparer.Ordinal));
    }

    /// <summary>The type of the resource that a scope names.</summary>
    private static string Type(string scope)
    {
        var parts = scope.Split('/');
        return $"{parts[^3]}/{parts[^2]}";
    }

    [GeneratedRegex(@"id -->\|(?<roles>[^|]+)\| (?<place>\w+)")]
    private static partial Regex Arrow { get; }

    [GeneratedRegex("infra/README\\.md, \"([^\"]+)\"")]
    private static partial Regex Section { get; }
}
