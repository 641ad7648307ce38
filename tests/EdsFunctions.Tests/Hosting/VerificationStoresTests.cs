namespace EdsFunctions.Tests.Hosting;

/// <summary>The choice of the store, and its validation at start-up.</summary>
public sealed class VerificationStoresTests
{
    private const string Uri = "https://contoso.table.core.windows.net";

    [Theory]
    [InlineData("Development", null, null, typeof(SqliteVerificationStore))]
    [InlineData("Production", null, null, typeof(SqliteVerificationStore))]
    [InlineData("Production", "WEBSITE_INSTANCE_ID", null, typeof(TableVerificationStore))]
    [InlineData("Production", "WEBSITE_SITE_NAME", null, typeof(TableVerificationStore))]
    [InlineData("Production", "CONTAINER_NAME", null, typeof(TableVerificationStore))]
    [InlineData("Development", "WEBSITE_SITE_NAME", null, typeof(TableVerificationStore))]
    [InlineData("Development", "WEBSITE_INSTANCE_ID", null, typeof(TableVerificationStore))]
    [InlineData("Development", "CONTAINER_NAME", null, typeof(SqliteVerificationStore))]
    // Functions Core Tools set this variable as well, on a developer's machine.
    [InlineData("Production", "FUNCTIONS_EXTENSION_VERSION", null, typeof(SqliteVerificationStore))]
    [InlineData("Development", null, "Table", typeof(TableVerificationStore))]
    public void Choose_EnvironmentAndSetting_SelectTheStore(
        string environment, string? variable, string? store, Type expected)
    {
        using var host = Start(environment, variable, store, new() { ["Verifications:TableServiceUri"] = Uri });

        host.Services.GetRequiredService<IStartupValidator>().Validate();

        Assert.IsType(expected, host.Services.GetRequiredService<IVerificationStore>());
    }

    [Theory]
    [InlineData("WEBSITE_INSTANCE_ID", "Sqlite", null, "Verifications:Store must be Table in Azure")]
    [InlineData("WEBSITE_SITE_NAME", "Sqlite", null, "Verifications:Store must be Table in Azure")]
    [InlineData("CONTAINER_NAME", "Sqlite", null, "Verifications:Store must be Table in Azure")]
    [InlineData("WEBSITE_SITE_NAME", null, null, "Verifications:TableServiceUri")]
    [InlineData(null, "Table", null, "Verifications:TableServiceUri")]
    [InlineData(null, "Table", "http://contoso.table.core.windows.net", "Verifications:TableServiceUri")]
    [InlineData(null, "Table", "contoso", "Verifications:TableServiceUri")]
    public void Validate_FileInAzureOrTableWithoutAddress_Throws(
        string? variable, string? store, string? uri, string line)
    {
        using var host = Start("Production", variable, store, new() { ["Verifications:TableServiceUri"] = uri });

        var refusal = Assert.Throws<OptionsValidationException>(
            host.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains(line, refusal.Message, StringComparison.Ordinal);
    }

    private static IHost Start(
        string environment, string? variable, string? store, Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["KeyVault:Uri"] = "https://contoso.vault.azure.net",
            ["Verifications:Store"] = store,
        });
        if (variable is not null)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [variable] = "1" });
        }

        builder.Services.AddEdsFunctions();
        return builder.Build();
    }
}
