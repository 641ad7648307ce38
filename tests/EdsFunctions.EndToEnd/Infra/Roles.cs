namespace EdsFunctions.Tests.Infra;

/// <summary>The built-in roles of Azure that the app's identity has, as the portal names them.</summary>
internal static class Roles
{
    public const string BlobDataOwner = "Storage Blob Data Owner";
    public const string TableDataContributor = "Storage Table Data Contributor";
    public const string SecretsUser = "Key Vault Secrets User";
    public const string MetricsPublisher = "Monitoring Metrics Publisher";

    public static string Name(DeployedResource assignment) => Id(assignment) switch
    {
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b" => BlobDataOwner,
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3" => TableDataContributor,
        "4633458b-17de-408a-b874-0445c86b69e6" => SecretsUser,
        "3913510d-42f4-4e42-8a64-420c390055eb" => MetricsPublisher,
        var unknown => unknown,
    };

    private static string Id(DeployedResource assignment) => assignment["properties.roleDefinitionId"]!.Split('/')[^1];
}
