using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>No secret passes through the template: none goes in, none is asked for, none comes out.</summary>
public sealed partial class TemplateTests(BicepCompiler bicep)
{
    [Fact]
    public async Task No_key_is_asked_for() =>
        Assert.DoesNotContain((await bicep.TemplateAsync()).Texts(), AsksForKeys);

    [Theory]
    [InlineData("[listKeys('id', '2024-01-01').keys[0].value]", true)]
    [InlineData("[format('{0}', listAccountSas('id', '2024-01-01', createObject()).accountSasToken)]", true)]
    [InlineData("[__bicep.listSettings('key', createArray(), 'vault')]", false)]
    [InlineData("a list (of words)", false)]
    public void What_asks_for_a_key_is_recognized(string text, bool expected) => Assert.Equal(expected, AsksForKeys(text));

    [Fact]
    public async Task No_secret_is_a_parameter() => Assert.All(
        (await bicep.TemplateAsync()).AndModules().SelectMany(template => template.Parameters),
        parameter => Assert.DoesNotContain("secure", Text(parameter.Value, "type"), StringComparison.OrdinalIgnoreCase));

    [Fact]
    public async Task No_output_holds_a_secret()
    {
        var templates = (await bicep.TemplateAsync()).AndModules().ToArray();

        Assert.All(templates.SelectMany(template => template.Outputs), output =>
        {
            Assert.Equal("string", Text(output.Value, "type"));
            Assert.DoesNotMatch("(?i)connectionstring|instrumentationkey|password|secret|accountkey", output.ToString());
        });
        Assert.Equal(
            [
                "AZURE_APPLICATION_INSIGHTS_ID", "AZURE_FUNCTION_APP_NAME", "AZURE_KEY_VAULT_ENDPOINT", "AZURE_KEY_VAULT_NAME",
                "AZURE_LOCATION", "AZURE_LOG_ANALYTICS_WORKSPACE_ID", "AZURE_RESOURCE_GROUP", "SERVICE_API_URI",
            ],
            templates[0].Outputs.Select(output => output.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_deployment_that_is_repeated_makes_nothing_new() => Assert.DoesNotContain(
        (await bicep.TemplateAsync()).Texts(),
        text => text.Contains("newGuid(", StringComparison.Ordinal) || text.Contains("utcNow(", StringComparison.Ordinal));

    [Fact]
    public async Task Each_parameter_is_described_and_the_tests_change_each()
    {
        var parameters = (await bicep.TemplateAsync()).Parameters.ToArray();

        Assert.All(parameters, parameter => Assert.NotEmpty(Text(parameter.Value.GetProperty("metadata"), "description")));
        Assert.Equal(
            parameters.Select(parameter => parameter.Name).Except(["environmentName", "location"]),
            ParameterName.Matches(BicepCompiler.Everything).Select(match => match.Groups[1].Value));
    }

    [Theory]
    [InlineData("param instanceMemory = 1024", "\"2048 | 4096 | 512\"")]
    [InlineData("param maximumInstances = 39", "minimum allowable value is 40")]
    [InlineData("param reportLanguage = 'de'", "'en' | 'zh-CN'")]
    [InlineData("param chatLanguage = 'de'", "'en' | 'zh-CN'")]
    [InlineData("param allowedCallers = ['everyone']", "CIDR 'everyone' is not valid")]
    [InlineData("param allowedCallers = ['203.0.113.300/24']", "CIDR '203.0.113.300/24' is not valid")]
    [InlineData("param reportChannels = { ops: { kind: 'Irc', urlSecretName: 'url' } }", "'DingTalk' | 'Feishu' | 'Slack' | 'Teams' | 'Webhook'")]
    [InlineData("param reportChannels = { ops: { kind: 'Slack' } }", "\"urlSecretName\"")]
    [InlineData("param slack = { secrets: ['8f742231b10e8888abcd99yyyzzz85a5'] }", "\"secrets\" is not allowed")]
    public async Task A_value_that_cannot_be_is_refused(string parameter, string why) => await BicepCompiler.RefuseAsync(parameter, why);

    private static string Text(System.Text.Json.JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static bool AsksForKeys(string text) => text.StartsWith('[') && KeyFunction.IsMatch(text);

    /// <summary>Not a function of our own, which has its namespace before it.</summary>
    [GeneratedRegex(@"(?<![\w.])list\w*\(", RegexOptions.IgnoreCase)]
    private static partial Regex KeyFunction { get; }

    [GeneratedRegex(@"^param (\w+)", RegexOptions.Multiline)]
    private static partial Regex ParameterName { get; }
}
