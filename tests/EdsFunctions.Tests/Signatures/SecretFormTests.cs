using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Notifications;
using Microsoft.AspNetCore.WebUtilities;

namespace EdsFunctions.Tests.Signatures;

/// <summary>Secrets that are too short to be safe are refused; white space around one is no part of it, wherever it is read.</summary>
public sealed class SecretFormTests
{
    private const string Text = "0123456789abcdef";

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("0123456789abcdef01234567");

    [Theory]
    [InlineData("", "")]
    [InlineData("", "\n")]
    [InlineData(" \t", "\r\n")]
    public void Parse_SecretOfItsMinimumInWhiteSpace_IsTheSecretAlone(string before, string after)
    {
        Assert.Equal(Encoding.UTF8.GetBytes(Text), Assert.Single(SigningKeys.FromText([$"{before}{Text}{after}"]).All));
        Assert.Equal(Bytes[..16], Assert.Single(SigningKeys.FromBase64([$"{before}{Convert.ToBase64String(Bytes[..16])}{after}"]).All));
        Assert.Equal(Bytes, Assert.Single(SigningKeys.FromStandardWebhooks([$"{before}{Convert.ToBase64String(Bytes)}{after}"]).All));
        Assert.Equal(Bytes, Assert.Single(SigningKeys.FromStandardWebhooks([$"{before}whsec_{Convert.ToBase64String(Bytes)}{after}"]).All));
    }

    [Theory]
    [InlineData("ChatOps:Slack:Secrets:0", "0123456789abcde", 16)]
    [InlineData("ChatOps:Slack:Secrets:0", "0123456789abcde\n", 16)]
    [InlineData("ChatOps:Teams:Secrets:0", "MDEyMzQ1Njc4OWFiY2Rl", 16)]
    [InlineData("ChatOps:DingTalk:Secrets:0", "0123456789abcde", 16)]
    [InlineData("Webhooks:StandardSecrets:0", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY=", 24)]
    [InlineData("Webhooks:StandardSecrets:0", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY=", 24)]
    [InlineData("Webhooks:GitHubSecrets:0", "0123456789abcde", 16)]
    public async Task Start_SecretOneByteTooShort_NamesTheSettingAndTheMinimum(string key, string secret, int min)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => EdsApp.StartAsync(new() { [key] = secret }));

        Assert.Equal($"{key} is too short: it must have at least {min} bytes.", Assert.Single(refusal.Failures));
    }

    [Fact]
    public async Task Start_SecretsOfTheirMinimum_AreAccepted()
    {
        await using var app = await EdsApp.StartAsync(new()
        {
            ["ChatOps:Slack:Secrets:0"] = Text,
            ["ChatOps:Teams:Secrets:0"] = Convert.ToBase64String(Bytes[..16]),
            ["ChatOps:DingTalk:Secrets:0"] = $"{Text}\n",
            ["Webhooks:StandardSecrets:0"] = $"whsec_{Convert.ToBase64String(Bytes)}",
            ["Webhooks:GitHubSecrets:0"] = Text,
        });

        Assert.Equal(200, (await app.Api.GetAsync("health")).Status);
    }

    [Fact]
    public async Task Deliver_SecretConfiguredWithALineFeed_IsAccepted()
    {
        var slack = FakeChatPlatform.All["Slack"];
        await using var session = await ChatSession.OpenAsync("Slack", new() { ["ChatOps:Slack:Secrets:0"] = $"{slack.Secret}\n" });

        Assert.Contains("No verification is open", await session.SayAsync("pending"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DingTalk")]
    [InlineData("Feishu")]
    public async Task Report_SecretConfiguredWithALineFeed_IsSignedWithTheSecretAlone(string kind)
    {
        await using var robot = FakeChannel.Create(kind, "robot");
        await using var app = await EdsApp.StartAsync(
            new(FakeChannel.Settings(robot)) { ["StaleReport:Channels:robot:Secret"] = $"{Text}\n" });
        await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));

        var request = Assert.Single(robot.Requests);
        if (kind == "Feishu")
        {
            var body = JsonElement.Parse(request.Body);
            Assert.Equal(FeishuChannel.Sign(new Secret(Text), body.GetProperty("timestamp").GetString()!), body.GetProperty("sign").GetString());
        }
        else
        {
            var query = QueryHelpers.ParseQuery(request.Line.Split(' ')[1].Split('?')[1]);
            Assert.Equal(DingTalkChannel.Sign(new Secret(Text), query["timestamp"]!), query["sign"]);
        }
    }

    [Fact]
    public async Task Credentials_WithWhiteSpaceAround_AreTheKeyAlone()
    {
        var expected = new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", "CAIS-token");
        var source = new EnvironmentCredentialSource(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "LTAI-example\n",
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = " 3xAmPl3-s3cr3t\r\n",
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = "\tCAIS-token",
        }).Build());

        Assert.Equal(expected, await source.GetAsync(TestContext.Current.CancellationToken));
        Assert.Equal(expected, CredentialsSecret.Parse(
            "alibaba-credentials",
            """{"accessKeyId":"LTAI-example\n","accessKeySecret":" 3xAmPl3-s3cr3t\r\n","securityToken":"\tCAIS-token"}"""));
    }
}
