namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>Which store the app takes, and which it refuses at start-up.</summary>
public sealed class StoreChoiceTests
{
    private const string Uri = "https://contoso.table.core.windows.net";

    [Theory]
    [InlineData("Development", null, null, typeof(SqliteVerificationStore))]
    [InlineData("Production", null, null, typeof(SqliteVerificationStore))]
    [InlineData("Production", "WEBSITE_INSTANCE_ID", null, typeof(TableVerificationStore))]
    [InlineData("Production", "FUNCTIONS_EXTENSION_VERSION", null, typeof(TableVerificationStore))]
    [InlineData("Development", "FUNCTIONS_EXTENSION_VERSION", null, typeof(SqliteVerificationStore))]
    [InlineData("Development", null, "Table", typeof(TableVerificationStore))]
    public void It_is_the_table_in_Azure_and_the_file_elsewhere_unless_told_otherwise(
        string environment, string? variable, string? store, Type expected)
    {
        using var host = Start(environment, variable, store, new() { ["Verifications:TableServiceUri"] = Uri });

        host.Services.GetRequiredService<IStartupValidator>().Validate();

        Assert.IsType(expected, host.Services.GetRequiredService<IVerificationStore>());
    }

    [Theory]
    [InlineData("WEBSITE_INSTANCE_ID")]
    [InlineData("FUNCTIONS_EXTENSION_VERSION")]
    public void In_Azure_a_file_is_refused(string variable)
    {
        using var host = Start("Production", variable, "Sqlite", []);

        var refusal = Assert.Throws<OptionsValidationException>(host.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("Verifications:Store must be Table in Azure", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://contoso.table.core.windows.net")]
    [InlineData("contoso")]
    public void A_table_has_to_be_somewhere(string? uri)
    {
        using var host = Start("Production", null, "Table", new() { ["Verifications:TableServiceUri"] = uri });

        var refusal = Assert.Throws<OptionsValidationException>(host.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("Verifications:TableServiceUri", refusal.Message, StringComparison.Ordinal);
    }

    private static IHost Start(string environment, string? variable, string? store, Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
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
