namespace EdsFunctions.Tests.Infra;

/// <summary>The resources of a deployment, with default parameters and with all parameters changed.</summary>
public sealed class ResourceTests(BicepCompiler bicep)
{
    private const string App = "Microsoft.Web/sites";
    private const string Identity = "Microsoft.ManagedIdentity/userAssignedIdentities";
    private const string Scale = "properties.functionAppConfig.scaleAndConcurrency";
    private const string Insights = "Microsoft.Insights/components";
    private const string Network = "Microsoft.Network/virtualNetworks";
    private const string Storage = "Microsoft.Storage/storageAccounts";
    private const string Vault = "Microsoft.KeyVault/vaults";
    private const string Workspace = "Microsoft.OperationalInsights/workspaces";

    [Theory]
    [InlineData(Storage, "properties.allowSharedKeyAccess", "False")]
    [InlineData(Storage, "properties.allowBlobPublicAccess", "False")]
    [InlineData(Storage, "properties.allowCrossTenantReplication", "False")]
    [InlineData(Storage, "properties.supportsHttpsTrafficOnly", "True")]
    [InlineData(Storage, "properties.minimumTlsVersion", "TLS1_2")]
    [InlineData(Storage, "properties.networkAcls.bypass", "None")]
    [InlineData(Vault, "properties.enableRbacAuthorization", "True")]
    [InlineData(Vault, "properties.enableSoftDelete", "True")]
    [InlineData(Vault, "properties.softDeleteRetentionInDays", "90")]
    [InlineData(Vault, "properties.enablePurgeProtection", "True")]
    [InlineData(Vault, "properties.networkAcls.bypass", "None")]
    [InlineData(Workspace, "properties.features.disableLocalAuth", "True")]
    [InlineData(Insights, "properties.DisableLocalAuth", "True")]
    [InlineData("Microsoft.Web/serverfarms", "sku.name", "FC1")]
    [InlineData(App, "kind", "functionapp,linux")]
    [InlineData(App, "identity.type", "UserAssigned")]
    [InlineData(App, "tags.azd-service-name", "api")]
    [InlineData(App, "properties.httpsOnly", "True")]
    [InlineData(App, "properties.siteConfig.minTlsVersion", "1.2")]
    [InlineData(App, "properties.siteConfig.scmMinTlsVersion", "1.2")]
    // Azure rejects the property ftpsState for Flex Consumption.
    [InlineData(App, "properties.siteConfig.ftpsState", null)]
    [InlineData(App, "properties.functionAppConfig.runtime.name", "dotnet-isolated")]
    [InlineData(App, "properties.functionAppConfig.runtime.version", "10.0")]
    [InlineData(App, "properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity")]
    public Task Resource_AnyParameters_HasTheValue(string type, string path, string? value) =>
        InBothAsync(snapshot => Assert.Equal(value, snapshot.Single(type)[path]));

    [Fact]
    public Task App_AnyParameters_UsesTheIdentity() => InBothAsync(snapshot =>
    {
        var (app, identity) = (snapshot.Single(App), snapshot.Single(Identity).Id);
        var container = snapshot.Single($"{Storage}/blobServices/containers").Name.Split('/')[^1];
        const string Deployment = "properties.functionAppConfig.deployment.storage";

        var identities = app.Json.GetProperty("identity").GetProperty("userAssignedIdentities").EnumerateObject();
        Assert.Equal(identity, Assert.Single(identities).Name);
        Assert.Equal(identity, app["properties.keyVaultReferenceIdentity"]);
        Assert.Equal(identity, app[$"{Deployment}.authentication.userAssignedIdentityResourceId"]);
        Assert.EndsWith(
            $".primaryEndpoints.blob, '{container}')]", app[$"{Deployment}.value"], StringComparison.Ordinal);
        Assert.Equal(snapshot.Single("Microsoft.Web/serverfarms").Id, app["properties.serverFarmId"]);
        Assert.Equal(snapshot.Single(Workspace).Id, snapshot.Single(Insights)["properties.WorkspaceResourceId"]);
    });

    [Fact]
    public Task Identity_AnyParameters_HasFourRolesOnOneResourceEach() => InBothAsync(snapshot =>
    {
        var assignments = snapshot.OfType("Microsoft.Authorization/roleAssignments")
            .Where(assignment => assignment.Role != "Key Vault Secrets Officer").ToList();
        var principal = $"[reference('{snapshot.Single(Identity).Id}', '2024-11-30').principalId]";

        Assert.Equal(
            [
                $"Key Vault Secrets User on {snapshot.Single(Vault).Id}",
                $"Monitoring Metrics Publisher on {snapshot.Single(Insights).Id}",
                $"Storage Blob Data Owner on {snapshot.Single(Storage).Id}",
                $"Storage Table Data Contributor on {snapshot.Single(Storage).Id}",
            ],
            assignments.Select(assignment => $"{assignment.Role} on {assignment.Scope}").Order(StringComparer.Ordinal));
        Assert.All(assignments, assignment =>
        {
            Assert.Equal(principal, assignment["properties.principalId"]);
            Assert.Equal("ServicePrincipal", assignment["properties.principalType"]);
            Assert.True(Guid.TryParse(assignment.Name, out _), assignment.Name);
        });
    });

    [Fact]
    public Task App_AnyParameters_RejectsPasswordDeployment() => InBothAsync(snapshot => Assert.Equal(
        ["ftp: False", "scm: False"],
        snapshot.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
            .Select(policy => $"{policy.Name.Split('/')[^1]}: {policy["properties.allow"]}").Order()));

    [Fact]
    public Task DiagnosticSettings_AnyParameters_CoverAppVaultAndStorage() => InBothAsync(snapshot =>
    {
        var settings = snapshot.OfType("Microsoft.Insights/diagnosticSettings").ToList();

        Assert.Equal(
            new[]
            {
                $"{snapshot.Single(Storage).Id}/blobServices/default: audit, True",
                $"{snapshot.Single(Storage).Id}/tableServices/default: audit, True",
                $"{snapshot.Single(Vault).Id}: audit, True",
                $"{snapshot.Single(App).Id}: FunctionAppLogs, True",
            }.Order(),
            settings.Select(setting =>
            {
                var category = setting["properties.logs.0.categoryGroup"] ?? setting["properties.logs.0.category"];
                return $"{setting.Scope}: {category}, {setting["properties.logs.0.enabled"]}";
            }).Order());
        Assert.All(settings, setting =>
            Assert.Contains("outputs.workspaceId.value", setting["properties.workspaceId"], StringComparison.Ordinal));
    });

    [Fact]
    public Task Resources_AnyParameters_HaveTheAzdTag() => InBothAsync(snapshot => Assert.All(
        // Resources of these types have a location, but cannot have tags.
        snapshot.Resources.Where(resource => resource["location"] is not null
            && !resource.Type.EndsWith("/basicPublishingCredentialsPolicies", StringComparison.Ordinal)),
        resource => Assert.Equal("test", resource["tags.azd-env-name"])));

    [Theory]
    [InlineData(App, $"{Scale}.instanceMemoryMB", "512", "4096")]
    [InlineData(App, $"{Scale}.maximumInstanceCount", "40", "100")]
    [InlineData(App, $"{Scale}.alwaysReady.0.name", null, "http")]
    [InlineData(App, $"{Scale}.alwaysReady.0.instanceCount", null, "2")]
    [InlineData(App, $"{Scale}.alwaysReady.1.name", null, "function:StaleVerificationReport")]
    [InlineData(App, $"{Scale}.alwaysReady.1.instanceCount", null, "1")]
    [InlineData(App, $"{Scale}.triggers.http.perInstanceConcurrency", "16", "50")]
    [InlineData("Microsoft.Web/serverfarms", "properties.zoneRedundant", "False", "True")]
    [InlineData(Workspace, "properties.retentionInDays", "30", "90")]
    [InlineData(Workspace, "properties.workspaceCapping.dailyQuotaGb", "-1", "2")]
    [InlineData(Storage, "sku.name", "Standard_ZRS", "Standard_LRS")]
    [InlineData(App, "tags.team", null, "networks")]
    [InlineData("Microsoft.Insights/actionGroups", "properties.emailReceivers.0.emailAddress", null, "ops@example.com")]
    [InlineData(App, "properties.siteConfig.ipSecurityRestrictionsDefaultAction", "Allow", "Deny")]
    [InlineData(App, "properties.siteConfig.ipSecurityRestrictions.0.ipAddress", null, "203.0.113.0/24")]
    [InlineData(App, "properties.siteConfig.ipSecurityRestrictions.1.ipAddress", null, "198.51.100.7/32")]
    [InlineData(App, "properties.siteConfig.ipSecurityRestrictions.1.action", null, "Allow")]
    [InlineData(App, "properties.siteConfig.ipSecurityRestrictions.2", null, null)]
    [InlineData(App, "properties.siteConfig.scmIpSecurityRestrictionsDefaultAction", "Allow", "Deny")]
    [InlineData(App, "properties.siteConfig.scmIpSecurityRestrictions.0.ipAddress", null, "192.0.2.0/28")]
    [InlineData(App, "properties.siteConfig.scmIpSecurityRestrictions.1", null, null)]
    [InlineData(Storage, "properties.publicNetworkAccess", "Enabled", "Disabled")]
    [InlineData(Storage, "properties.networkAcls.defaultAction", "Allow", "Deny")]
    [InlineData(Vault, "properties.publicNetworkAccess", "Enabled", "Disabled")]
    [InlineData(Vault, "properties.networkAcls.defaultAction", "Allow", "Deny")]
    public async Task Resource_ParameterChanged_HasTheOtherValue(
        string type, string path, string? byDefault, string? changed)
    {
        Assert.Equal(byDefault, (await bicep.DefaultsAsync()).Single(type)[path]);
        Assert.Equal(changed, (await bicep.EverythingAsync()).Single(type)[path]);
    }

    [Fact]
    public void App_AlwaysReadyTimer_IsAFunction() =>
        Assert.Equal("StaleVerificationReport", nameof(ReportTriggers.StaleVerificationReport));

    [Fact]
    public async Task Resources_OptionalOnes_DependOnTheirParameter()
    {
        var (defaults, everything) = (await bicep.DefaultsAsync(), await bicep.EverythingAsync());
        string[] optional =
        [
            "Microsoft.Authorization/locks", "Microsoft.Consumption/budgets", "Microsoft.Insights/webtests",
            "Microsoft.Network/natGateways",
        ];

        Assert.Equal(
            ["Microsoft.Insights/webtests"], optional.Where(type => defaults.OfType(type).Any()));
        Assert.Equal(
            optional.Except(["Microsoft.Insights/webtests"]), optional.Where(type => everything.OfType(type).Any()));
    }

    [Fact]
    public async Task Vault_Deployer_CanSetSecrets()
    {
        var snapshot = await bicep.EverythingAsync();
        var officer = Assert.Single(
            snapshot.OfType("Microsoft.Authorization/roleAssignments"),
            assignment => assignment.Role == "Key Vault Secrets Officer");

        Assert.Equal(
            ("33333333-4444-5555-6666-777777777777", "ServicePrincipal", snapshot.Single(Vault).Id),
            (officer["properties.principalId"], officer["properties.principalType"], officer.Scope));
        Assert.Equal(
            (await bicep.DefaultsAsync()).Single(Vault).Name + "-2", snapshot.Single(Vault).Name);
    }

    [Fact]
    public async Task Lock_DeleteLock_KeepsStorageAndVault()
    {
        var snapshot = await bicep.EverythingAsync();
        var locks = snapshot.OfType("Microsoft.Authorization/locks").ToList();

        Assert.All(locks, one => Assert.Equal("CanNotDelete", one["properties.level"]));
        Assert.Equal(
            new[] { snapshot.Single(Storage).Id, snapshot.Single(Vault).Id }.Order(),
            locks.Select(one => one.Scope).Order());
    }

    [Fact]
    public async Task Budget_Monthly_NotifiesOwnersAndTheActionGroup()
    {
        var snapshot = await bicep.EverythingAsync();
        var budget = snapshot.Single("Microsoft.Consumption/budgets");
        var group = snapshot.Single("Microsoft.Insights/actionGroups").Id;

        Assert.Equal(("40", "2027-01-01"), (budget["properties.amount"], budget["properties.timePeriod.startDate"]));
        Assert.All(["actual80", "forecast100"], notification => Assert.Equal(
            ("Owner", group),
            (budget[$"properties.notifications.{notification}.contactRoles.0"],
                budget[$"properties.notifications.{notification}.contactGroups.0"])));
    }

    /// <summary>The alert rule eds-health reads the results of the availability test in the last 20 minutes.</summary>
    [Fact]
    public async Task AvailabilityTest_Defaults_RequestsHealthFromThreeLocations()
    {
        var test = (await bicep.DefaultsAsync()).Single("Microsoft.Insights/webtests");

        Assert.Contains("/api/health", test["properties.Request.RequestUrl"], StringComparison.Ordinal);
        Assert.Equal("900", test["properties.Frequency"]);
        Assert.Equal("200", test["properties.ValidationRules.ExpectedHttpStatusCode"]);
        Assert.Equal(3, test.Json.GetProperty("properties").GetProperty("Locations").GetArrayLength());
    }

    [Fact]
    public async Task Alerts_CauseThatLastsBeyondTheWindow_DoesNotResolveByItself()
    {
        var alerts = (await bicep.DefaultsAsync()).OfType("Microsoft.Insights/scheduledQueryRules").ToList();
        var open = alerts.Where(alert => alert["properties.autoMitigate"] != "True").ToList();

        Assert.Equal(
            ["eds-health", "eds-report-missing", "eds-unknown-outcome"], open.Select(alert => alert.Name).Order());
        // These alerts notify once for each cause. They are muted until the cause is outside of the time that they look
        // back on.
        Assert.All(
            open, alert => Assert.Equal(alert["properties.windowSize"], alert["properties.muteActionsDuration"]));
    }

    [Fact]
    public async Task Network_Defaults_IsNotCreated()
    {
        var snapshot = await bicep.DefaultsAsync();

        Assert.DoesNotContain(
            snapshot.Resources, resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));
        Assert.Null(snapshot.Single(App)["properties.virtualNetworkSubnetId"]);
    }

    [Fact]
    public async Task Network_Private_HasEndpointsZonesAndNatGateway()
    {
        var snapshot = await bicep.EverythingAsync();
        var network = snapshot.Single(Network);
        var (storage, vault) = (snapshot.Single(Storage).Id, snapshot.Single(Vault).Id);
        const string Connection = "properties.privateLinkServiceConnections.0.properties";

        Assert.Contains(
            "appSubnetId", snapshot.Single(App)["properties.virtualNetworkSubnetId"], StringComparison.Ordinal);
        Assert.Equal("10.99.0.0/25", network["properties.subnets.0.properties.addressPrefix"]);
        Assert.Equal(
            "Microsoft.App/environments",
            network["properties.subnets.0.properties.delegations.0.properties.serviceName"]);
        Assert.Equal("10.99.0.128/27", network["properties.subnets.1.properties.addressPrefix"]);
        Assert.Equal(
            snapshot.Single("Microsoft.Network/natGateways").Id,
            network["properties.subnets.0.properties.natGateway.id"]);
        Assert.Equal(
            snapshot.Single("Microsoft.Network/publicIPAddresses").Id,
            snapshot.Single("Microsoft.Network/natGateways")["properties.publicIpAddresses.0.id"]);
        Assert.Equal(
            [("blob", storage), ("table", storage), ("vault", vault)],
            snapshot.OfType("Microsoft.Network/privateEndpoints")
                .Select(endpoint =>
                    (endpoint[$"{Connection}.groupIds.0"], endpoint[$"{Connection}.privateLinkServiceId"]))
                .Order());
        Assert.All(
            snapshot.OfType("Microsoft.Network/privateEndpoints"),
            endpoint => Assert.Equal($"{network.Id}/subnets/endpoints", endpoint["properties.subnet.id"]));
        Assert.Equal(3, snapshot.OfType("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());
        Assert.Equal(3, snapshot.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        Assert.Equal(
            [
                "[format('privatelink.blob.{0}', environment().suffixes.storage)]",
                "[format('privatelink.table.{0}', environment().suffixes.storage)]",
                "[format('privatelink.{0}', replace(environment().suffixes.keyvaultDns, '.vault.', 'vaultcore.'))]",
            ],
            snapshot.OfType("Microsoft.Network/privateDnsZones").Select(zone => zone.Name));
    }

    private async Task InBothAsync(Action<Snapshot> check) =>
        // Compile with default parameters and with changed parameters concurrently.
        Assert.All(await Task.WhenAll(bicep.DefaultsAsync(), bicep.EverythingAsync()), check);
}
