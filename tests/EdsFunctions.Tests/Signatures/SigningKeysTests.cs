using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Signatures;

/// <summary>
/// The app rejects secrets that an attacker could know or guess, and ignores white space around a secret.
/// </summary>
public sealed class SigningKeysTests
{
    private const string Text = "0123456789abcdef";

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("0123456789abcdef01234567");

    /// <summary>
    /// Every setting that is a list of secrets, with a secret of the minimum length, and a secret that is a byte
    /// shorter.
    /// </summary>
    private static readonly (string Key, string Secret, string TooShort, int Min)[] Lists =
    [
        .. FakeChatPlatform.All.Values.Select(platform => (
            $"ChatOps:{platform.Name}:Secrets:0", platform.EncodeSecret(Text), platform.EncodeSecret(Text[1..]), 16)),
        ("Webhooks:StandardSecrets:0", $"whsec_{Base64(24)}", $"whsec_{Base64(23)}", 24),
        ("Webhooks:StandardSecrets:0", Base64(24), Base64(23), 24),
        ("Webhooks:GitHubSecrets:0", Text, Text[1..], 16),
    ];

    public static IEnumerable<TheoryDataRow<string, string, int>> TooShortSecrets =>
        Lists.Select(list => new TheoryDataRow<string, string, int>(list.Key, list.TooShort, list.Min));

    [Theory]
    [InlineData("", "")]
    [InlineData("", "\n")]
    [InlineData(" \t", "\r\n")]
    public void Parse_SecretInWhiteSpace_IsTrimmed(string before, string after)
    {
        void AssertKey(byte[] expected, Func<IEnumerable<string>, SigningKeys> parse, string secret) =>
            Assert.Equal(expected, Assert.Single(parse([$"{before}{secret}{after}"]).All));

        AssertKey(Encoding.UTF8.GetBytes(Text), SigningKeys.FromText, Text);
        AssertKey(Bytes[..16], SigningKeys.FromBase64, Base64(16));
        AssertKey(Bytes, StandardWebhooksSender.ParseKeys, Base64(24));
        AssertKey(Bytes, StandardWebhooksSender.ParseKeys, $"whsec_{Base64(24)}");
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(
        "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/slack/)",
        "is a Key Vault reference that could not be resolved")]
    public void Parse_SecretThatAnyoneKnows_Throws(string secret, string error) => Assert.All(
        [SigningKeys.FromText, SigningKeys.FromBase64, StandardWebhooksSender.ParseKeys],
        (Func<IEnumerable<string>, SigningKeys> parse) =>
            Assert.Equal(error, Assert.Throws<FormatException>(() => parse([secret])).Message));

    [Theory]
    [InlineData("not base64!")]
    [InlineData("whsec_")]
    public void Parse_NotBase64_ThrowsWithoutTheSecret(string secret) => Assert.All(
        [SigningKeys.FromBase64, StandardWebhooksSender.ParseKeys],
        (Func<IEnumerable<string>, SigningKeys> parse) =>
            Assert.Equal("is not base64", Assert.Throws<FormatException>(() => parse([secret])).Message));

    [Theory]
    [MemberData(nameof(TooShortSecrets))]
    public async Task Start_SecretOneByteTooShort_NamesTheSettingAndTheMinimum(string key, string secret, int min)
    {
        var invalid = await Assert.ThrowsAsync<OptionsValidationException>(
            () => EdsApp.StartAsync(new(Settings()) { [key] = $"{secret}\n" }));

        Assert.Equal($"{key} is too short: it must have at least {min} bytes.", Assert.Single(invalid.Failures));
    }

    [Fact]
    public async Task Start_SecretsOfMinimumLength_AreAccepted()
    {
        var settings = Settings();
        foreach (var (key, secret, _, _) in Lists)
        {
            settings[key] = $"{secret}\n";
        }

        await using var app = await EdsApp.StartAsync(settings);

        Assert.Equal(200, (await app.Api.GetAsync("health")).Status);
    }

    [Theory]
    [InlineData("Webhooks:StandardSecrets:0", "whsec_n0t-base64", "Webhooks:StandardSecrets:0 is not base64.")]
    [InlineData("Webhooks:GitHubSecrets:0", "", "Webhooks:GitHubSecrets:0 is empty.")]
    public async Task Start_InvalidWebhookSecret_NamesTheSetting(string key, string secret, string error)
    {
        var invalid = await Assert.ThrowsAsync<OptionsValidationException>(
            () => EdsApp.StartAsync(new() { [key] = secret }));

        Assert.Equal(error, Assert.Single(invalid.Failures));
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task Delivery_SecretConfiguredWithLineFeed_IsAccepted(string name)
    {
        await using var session = await ChatSession.OpenAsync(
            name, new() { [$"ChatOps:{name}:Secrets:0"] = $"{FakeChatPlatform.All[name].Secret}\n" });

        Assert.Contains("No open verifications", await session.SendAsync("pending"), StringComparison.Ordinal);
    }

    private static string Base64(int bytes) => Convert.ToBase64String(Bytes[..bytes]);

    private static Dictionary<string, string?> Settings() =>
        new(FakeChatPlatform.All.Values.SelectMany(platform => platform.Settings));
}
