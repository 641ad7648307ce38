using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>The template contains no secrets, and rejects invalid parameters.</summary>
public sealed partial class TemplateTests(BicepCompiler bicep)
{
    [Fact]
    public async Task Template_Functions_ReadNoKeys() =>
        Assert.DoesNotMatch(KeyFunction, (await bicep.TemplateAsync()).GetRawText());

    [Fact]
    public async Task Template_ParametersAndOutputs_ContainNoSecrets()
    {
        var template = (await bicep.TemplateAsync()).Descendants().ToList();
        var outputs = template.Where(property => property.Name == "outputs")
            .SelectMany(outputs => outputs.Value.EnumerateObject()).ToList();

        Assert.DoesNotContain(template, property => Is(property, "type", "Microsoft.Authorization/roleDefinitions"));
        Assert.DoesNotContain(template, property => property.Name == "accessPolicies");
        Assert.DoesNotContain(template, property => Is(property, "type", "secureString"));
        Assert.DoesNotContain(template, property => Is(property, "type", "secureObject"));
        Assert.NotEmpty(outputs);
        Assert.All(outputs, output => Assert.DoesNotMatch(
            "(?i)connectionstring|instrumentationkey|password|secret|accountkey", output.ToString()));
    }

    [Fact]
    public async Task Template_Functions_AreDeterministic() =>
        Assert.DoesNotMatch(@"newGuid\(|utcNow\(", (await bicep.TemplateAsync()).GetRawText());

    [Fact]
    public async Task Template_Parameters_AreDescribedAndTested()
    {
        var parameters = (await bicep.TemplateAsync()).GetProperty("parameters").EnumerateObject().ToList();
        var changed = ParameterName.Matches(File.ReadAllText(BicepCompiler.ParametersPath("everything")));

        Assert.All(parameters, parameter => Assert.NotEmpty(
            parameter.Value.GetProperty("metadata").GetProperty("description").GetString()!));
        Assert.Equal(parameters.Select(parameter => parameter.Name), changed.Select(match => match.Groups[1].Value));
    }

    /// <summary>
    /// azd reads each parameter from a variable of its environment. If the variable is not set, the default in
    /// <c>main.bicep</c> applies. azd reads the variables of arrays and objects as JSON.
    /// </summary>
    [Fact]
    public async Task ParametersFile_EachParameter_IsAVariableOfAzd()
    {
        var file = JsonElement.Parse(File.ReadAllText(Repository.Path("infra", "main.parameters.json")));

        Assert.Equal(
            (await bicep.TemplateAsync()).GetProperty("parameters").EnumerateObject()
                .Select(parameter => $"{parameter.Name}: ${{{AzdVariable(parameter.Name)}}}"),
            file.GetProperty("parameters").EnumerateObject()
                .Select(parameter => $"{parameter.Name}: {parameter.Value.GetProperty("value")}"));
    }

    [Fact]
    public async Task Build_InvalidParameters_ReportsEachError()
    {
        var errors = await BicepCompiler.GetErrorsAsync("invalid");

        Assert.All(
            [
                "Error no-unused-vars",
                "but the provided value is of type \"'polandcentral'\"",
                "\"2048 | 4096 | 512\" but the provided value is of type \"1024\"",
                "minimum allowable value is 40",
                "\"'en' | 'zh-CN'\" but the provided value is of type \"'de'\"",
                "\"'en' | 'zh-CN'\" but the provided value is of type \"'fr'\"",
                "missing the following required properties: \"urlSecretName\"",
                "\"secrets\" is not allowed",
            ],
            error => Assert.Contains(error, errors, StringComparison.Ordinal));
    }

    /// <summary>An invalid CIDR block makes the deployment fail before it creates a resource.</summary>
    [Fact]
    public async Task Template_AllowedCallersAndDeployers_AreParsedAsCidr()
    {
        var template = (await bicep.TemplateAsync()).GetRawText();

        Assert.Contains("'ipAddress', format('{0}/{1}', parseCidr(", template, StringComparison.Ordinal);
        Assert.Contains("allow(parameters('allowedCallers'))", template, StringComparison.Ordinal);
        Assert.Contains("allow(parameters('allowedDeployers'))", template, StringComparison.Ordinal);
    }

    /// <summary>
    /// The region West Central US has no Application Insights, so the template does not allow it. For two regions, it
    /// is uncertain whether they have availability tests, so the runbook names them.
    /// </summary>
    [Fact]
    public async Task Template_Regions_HaveApplicationInsightsAndAvailabilityTests()
    {
        var parameters = (await bicep.TemplateAsync()).GetProperty("parameters");
        var regions = parameters.GetProperty("location").GetProperty("allowedValues").EnumerateArray()
            .Select(region => region.GetString()!).ToHashSet();
        var byDefault = parameters.GetProperty("availabilityTest").GetProperty("defaultValue").GetString()!;
        var uncertain = Literal.Matches(byDefault).Select(match => match.Groups[1].Value).Except(["location"]).ToList();

        Assert.DoesNotContain("westcentralus", regions);
        Assert.Equal(["italynorth", "spaincentral"], uncertain);
        Assert.Subset(regions, uncertain.ToHashSet());
        Assert.All(uncertain, region => Assert.Contains(
            $"`{region}`", File.ReadAllText(Repository.Path("docs", "operations.md")), StringComparison.Ordinal));
    }

    /// <summary>The name of the variable that sets a parameter in an environment of azd.</summary>
    internal static string AzdVariable(string parameter) => parameter switch
    {
        "environmentName" => "AZURE_ENV_NAME",
        "location" => "AZURE_LOCATION",
        "principalId" => "AZURE_PRINCIPAL_ID",
        "principalType" => "AZURE_PRINCIPAL_TYPE",
        _ => "EDS_" + WordStart.Replace(parameter, "_").ToUpperInvariant(),
    };

    private static bool Is(JsonProperty property, string name, string value) =>
        property.Name == name && property.Value.ValueKind == JsonValueKind.String
        && string.Equals(property.Value.GetString(), value, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"'(\w+)'")]
    private static partial Regex Literal { get; }

    /// <summary>
    /// Matches template functions that return keys. A user-defined function has a namespace before its name, and does
    /// not match.
    /// </summary>
    [GeneratedRegex(@"(?<![\w.])list\w*\(", RegexOptions.IgnoreCase)]
    private static partial Regex KeyFunction { get; }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart { get; }

    [GeneratedRegex(@"^param (\w+)", RegexOptions.Multiline)]
    private static partial Regex ParameterName { get; }
}
