namespace EdsFunctions.Tests.Infra;

/// <summary>What is made, whatever the parameters are, and what they change.</summary>
public sealed class ResourceTests(BicepCompiler bicep)
{
    [Fact]
    public async Task Storage_takes_no_key_no_plain_http_and_shows_no_blob() => await InBothAsync(snapshot => AssertHas(
        snapshot.Single("Microsoft.Storage/storageAccounts"),
        ("properties.allowSharedKeyAccess", "False"),
        ("properties.allowBlobPublicAccess", "False"),
        ("properties.allowCrossTenantReplication", "False"),
        ("properties.supportsHttpsTrafficOnly", "True"),
        ("properties.minimumTlsVersion", "TLS1_2")));

    [Fact]
    public async Task The_vault_goes_by_roles_and_what_is_deleted_can_be_had_back() => await InBothAsync(snapshot => AssertHas(
        snapshot.Single("Microsoft.KeyVault/vaults"),
        ("properties.enableRbacAuthorization", "True"),
        ("properties.enableSoftDelete", "True"),
        ("properties.softDeleteRetentionInDays", "90"),
        ("properties.enablePurgeProtection", "True")));

    [Fact]
    public async Task Telemetry_is_taken_from_who_signs_in_and_kept_in_the_workspace() => await InBothAsync(snapshot =>
    {
        var workspace = snapshot.Single("Microsoft.OperationalInsights/workspaces");
        AssertHas(workspace, ("properties.features.disableLocalAuth", "True"));
        AssertHas(
            snapshot.Single("Microsoft.Insights/components"),
            ("properties.DisableLocalAuth", "True"),
            ("properties.WorkspaceResourceId", workspace.Id));
    });

    [Fact]
    public async Task The_app_runs_on_Flex_Consumption_as_its_identity() => await InBothAsync(snapshot =>
    {
        var identity = snapshot.Single("Microsoft.ManagedIdentity/userAssignedIdentities").Id;
        var plan = snapshot.Single("Microsoft.Web/serverfarms");
        var app = snapshot.Single("Microsoft.Web/sites");
        var container = snapshot.Single("Microsoft.Storage/storageAccounts/blobServices/containers");
        const string Deployment = "properties.functionAppConfig.deployment.storage";

        AssertHas(plan, ("sku.name", "FC1"), ("sku.tier", "FlexConsumption"), ("properties.reserved", "True"));
        AssertHas(
            app,
            ("kind", "functionapp,linux"),
            ("identity.type", "UserAssigned"),
            ("properties.serverFarmId", plan.Id),
            ("properties.keyVaultReferenceIdentity", identity),
            ("properties.functionAppConfig.runtime.name", "dotnet-isolated"),
            ("properties.functionAppConfig.runtime.version", "10.0"),
            ("properties.functionAppConfig.scaleAndConcurrency.alwaysReady", "[]"),
            ($"{Deployment}.type", "blobContainer"),
            ($"{Deployment}.authentication.type", "UserAssignedIdentity"),
            ($"{Deployment}.authentication.userAssignedIdentityResourceId", identity));
        Assert.Equal(identity, Assert.Single(app.Json.GetProperty("identity").GetProperty("userAssignedIdentities").EnumerateObject()).Name);
        Assert.EndsWith($".primaryEndpoints.blob, '{container.Name.Split('/')[^1]}')]", app[$"{Deployment}.value"], StringComparison.Ordinal);
    });

    [Fact]
    public async Task The_app_answers_over_tls_only_and_nobody_deploys_to_it_with_a_password() => await InBothAsync(snapshot =>
    {
        var policies = snapshot.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToArray();
        AssertHas(
            snapshot.Single("Microsoft.Web/sites"),
            ("properties.httpsOnly", "True"),
            ("properties.siteConfig.minTlsVersion", "1.2"),
            ("properties.siteConfig.scmMinTlsVersion", "1.2"),
            ("properties.siteConfig.ftpsState", "Disabled"));
        Assert.Equal(["ftp", "scm"], policies.Select(policy => policy.Name.Split('/')[^1]).Order());
        Assert.All(policies, policy => AssertHas(policy, ("properties.allow", "False")));
    });

    [Fact]
    public async Task Wherever_a_version_of_tls_is_named_it_is_a_new_one() => await InBothAsync(snapshot =>
    {
        var versions = snapshot.Resources.SelectMany(resource => Properties(resource.Json))
            .Where(property => property.Name.Contains("tlsVersion", StringComparison.OrdinalIgnoreCase)).ToArray();

        Assert.True(versions.Length >= 3);
        Assert.All(versions, version => Assert.Contains(version.Value.GetString(), new[] { "TLS1_2", "TLS1_3", "1.2", "1.3" }));
    });

    [Fact]
    public async Task Who_reads_a_secret_or_the_storage_is_logged_and_so_is_the_app() => await InBothAsync(snapshot =>
    {
        var storage = snapshot.Single("Microsoft.Storage/storageAccounts").Id;
        var settings = snapshot.Of("Microsoft.Insights/diagnosticSettings").ToArray();

        Assert.Equal(
            new[]
            {
                $"{storage}/blobServices/default: audit",
                $"{storage}/tableServices/default: audit",
                $"{snapshot.Single("Microsoft.KeyVault/vaults").Id}: audit",
                $"{snapshot.Single("Microsoft.Web/sites").Id}: FunctionAppLogs",
            }.Order(),
            settings.Select(setting => $"{setting.Scope}: {Logged(setting)}").Order());
        Assert.All(settings, setting =>
            Assert.Contains("outputs.workspaceId.value", setting["properties.workspaceId"], StringComparison.Ordinal));
    });

    [Fact]
    public async Task All_carry_the_name_of_the_environment_and_azd_finds_one_app() => await InBothAsync(snapshot =>
    {
        var taggable = snapshot.Resources.Where(resource => resource["location"] is not null).ToArray();

        Assert.True(taggable.Length >= 8);
        Assert.All(taggable, resource => AssertHas(resource, ("tags.azd-env-name", "test")));
        Assert.Equal(
            "Microsoft.Web/sites",
            Assert.Single(snapshot.Resources, resource => resource["tags.azd-service-name"] == "api").Type);
    });

    [Fact]
    public async Task Parameters_say_how_large_it_may_grow_and_how_long_logs_are_kept()
    {
        const string Scale = "properties.functionAppConfig.scaleAndConcurrency";

        AssertHas(
            (await bicep.DefaultsAsync()).Single("Microsoft.Web/sites"),
            ($"{Scale}.instanceMemoryMB", "2048"), ($"{Scale}.maximumInstanceCount", "40"));
        AssertHas(
            (await bicep.EverythingAsync()).Single("Microsoft.Web/sites"),
            ($"{Scale}.instanceMemoryMB", "4096"), ($"{Scale}.maximumInstanceCount", "100"), ("tags.team", "networks"));
        AssertHas(
            (await bicep.DefaultsAsync()).Single("Microsoft.OperationalInsights/workspaces"), ("properties.retentionInDays", "30"));
        AssertHas(
            (await bicep.EverythingAsync()).Single("Microsoft.OperationalInsights/workspaces"), ("properties.retentionInDays", "90"));
    }

    [Fact]
    public async Task Anyone_may_call_unless_the_callers_are_named()
    {
        const string Config = "properties.siteConfig";
        var open = (await bicep.DefaultsAsync()).Single("Microsoft.Web/sites");
        var closed = (await bicep.EverythingAsync()).Single("Microsoft.Web/sites");

        AssertHas(open, ($"{Config}.ipSecurityRestrictionsDefaultAction", "Allow"), ($"{Config}.ipSecurityRestrictions", "[]"));
        AssertHas(closed, ($"{Config}.ipSecurityRestrictionsDefaultAction", "Deny"));
        Assert.Equal(
            [("Allow", "203.0.113.0/24"), ("Allow", "198.51.100.7/32")],
            closed.Json.GetProperty("properties").GetProperty("siteConfig").GetProperty("ipSecurityRestrictions").EnumerateArray()
                .Select(rule => (rule.GetProperty("action").GetString()!, rule.GetProperty("ipAddress").GetString()!)));
    }

    [Fact]
    public async Task There_is_no_network_unless_it_is_asked_for()
    {
        var snapshot = await bicep.DefaultsAsync();

        Assert.DoesNotContain(snapshot.Resources, resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));
        Assert.Null(snapshot.Single("Microsoft.Web/sites")["properties.virtualNetworkSubnetId"]);
        Assert.All(Stores(snapshot), store => AssertHas(
            store, ("properties.publicNetworkAccess", "Enabled"), ("properties.networkAcls.defaultAction", "Allow")));
    }

    [Fact]
    public async Task In_a_network_storage_and_vault_are_reached_by_private_endpoints_only()
    {
        var snapshot = await bicep.EverythingAsync();
        var network = snapshot.Single("Microsoft.Network/virtualNetworks");
        var subnets = network.Json.GetProperty("properties").GetProperty("subnets");
        var (storage, vault) = (snapshot.Single("Microsoft.Storage/storageAccounts").Id, snapshot.Single("Microsoft.KeyVault/vaults").Id);

        Assert.All(Stores(snapshot), store => AssertHas(
            store,
            ("properties.publicNetworkAccess", "Disabled"),
            ("properties.networkAcls.defaultAction", "Deny"),
            ("properties.networkAcls.bypass", "None")));
        Assert.Contains("appSubnetId", snapshot.Single("Microsoft.Web/sites")["properties.virtualNetworkSubnetId"], StringComparison.Ordinal);
        Assert.Equal(
            [("app", "10.99.0.0/25", "Microsoft.App/environments"), ("endpoints", "10.99.0.128/27", null)],
            subnets.EnumerateArray().Select(subnet => (
                subnet.GetProperty("name").GetString()!,
                subnet.GetProperty("properties").GetProperty("addressPrefix").GetString()!,
                Delegate(subnet))));
        Assert.Equal(
            [("blob", storage), ("table", storage), ("vault", vault)],
            snapshot.Of("Microsoft.Network/privateEndpoints").Select(endpoint =>
            {
                Assert.Equal($"{network.Id}/subnets/endpoints", endpoint["properties.subnet.id"]);
                var connection = endpoint.Json.GetProperty("properties").GetProperty("privateLinkServiceConnections")[0]
                    .GetProperty("properties");
                return (connection.GetProperty("groupIds")[0].GetString()!, connection.GetProperty("privateLinkServiceId").GetString()!);
            }).Order());
        Assert.Equal(3, snapshot.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());
        Assert.Equal(
            [network.Id, network.Id, network.Id],
            snapshot.Of("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Select(link => link["properties.virtualNetwork.id"]));
        Assert.Equal(
            [
                "[format('privatelink.blob.{0}', environment().suffixes.storage)]",
                "[format('privatelink.table.{0}', environment().suffixes.storage)]",
                "[format('privatelink.{0}', replace(environment().suffixes.keyvaultDns, '.vault.', 'vaultcore.'))]",
            ],
            snapshot.Of("Microsoft.Network/privateDnsZones").Select(zone => zone.Name));
    }

    private async Task InBothAsync(Action<Snapshot> check) =>
        Assert.All([await bicep.DefaultsAsync(), await bicep.EverythingAsync()], check);

    private static void AssertHas(DeployedResource resource, params (string Path, string Value)[] expected) => Assert.All(
        expected, property => Assert.True(resource[property.Path] == property.Value, $"{resource}: {property.Path} is {resource[property.Path]}"));

    private static DeployedResource[] Stores(Snapshot snapshot) =>
        [snapshot.Single("Microsoft.Storage/storageAccounts"), snapshot.Single("Microsoft.KeyVault/vaults")];

    private static string? Delegate(JsonElement subnet) =>
        subnet.GetProperty("properties").TryGetProperty("delegations", out var delegations)
            ? delegations[0].GetProperty("properties").GetProperty("serviceName").GetString()
            : null;

    private static string? Logged(DeployedResource setting)
    {
        var log = Assert.Single(setting.Json.GetProperty("properties").GetProperty("logs").EnumerateArray());
        Assert.True(log.GetProperty("enabled").GetBoolean());
        return (log.TryGetProperty("categoryGroup", out var group) ? group : log.GetProperty("category")).GetString();
    }

    private static IEnumerable<JsonProperty> Properties(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Properties(property.Value).Prepend(property)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Properties),
        _ => [],
    };
}
