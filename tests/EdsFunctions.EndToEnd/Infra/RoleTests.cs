namespace EdsFunctions.Tests.Infra;

/// <summary>The app's identity may do what the app does, and nothing else has a role.</summary>
public sealed class RoleTests(BicepCompiler bicep)
{
    private const string BlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string TableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string VaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    private const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";

    [Fact]
    public async Task There_are_four_roles_each_on_one_resource() => Assert.All(
        [await bicep.DefaultsAsync(), await bicep.EverythingAsync()],
        snapshot =>
        {
            var identity = snapshot.Single("Microsoft.ManagedIdentity/userAssignedIdentities").Id;
            var storage = snapshot.Single("Microsoft.Storage/storageAccounts").Id;
            Assert.Equal(
                Sorted(
                    (BlobDataOwner, storage),
                    (TableDataContributor, storage),
                    (VaultSecretsUser, snapshot.Single("Microsoft.KeyVault/vaults").Id),
                    (MetricsPublisher, snapshot.Single("Microsoft.Insights/components").Id)),
                Sorted([.. Assignments(snapshot).Select(assignment => (Role(assignment), assignment.Scope))]));
            Assert.All(Assignments(snapshot), assignment =>
            {
                Assert.Equal($"[reference('{identity}', '2024-11-30').principalId]", assignment["properties.principalId"]);
                Assert.Equal("ServicePrincipal", assignment["properties.principalType"]);
                Assert.True(Guid.TryParse(assignment.Name, out _), assignment.Name);
            });
        });

    /// <summary>Whatever the parameters are.</summary>
    [Fact]
    public async Task The_template_knows_no_other_way_to_a_right()
    {
        var texts = (await bicep.TemplateAsync()).Texts().ToArray();

        Assert.Equal(4, texts.Count(text => text == "Microsoft.Authorization/roleAssignments"));
        Assert.DoesNotContain("Microsoft.Authorization/roleDefinitions", texts);
        Assert.DoesNotContain("accessPolicies", texts);
    }

    private static IEnumerable<DeployedResource> Assignments(Snapshot snapshot) => snapshot.Of("Microsoft.Authorization/roleAssignments");

    private static string Role(DeployedResource assignment) => assignment["properties.roleDefinitionId"]!.Split('/')[^1];

    private static (string Role, string Scope)[] Sorted(params (string Role, string Scope)[] assignments) => [.. assignments.Order()];
}
