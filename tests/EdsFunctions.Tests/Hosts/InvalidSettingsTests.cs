using EdsFunctions.DevHost;
using EdsFunctions.Tests.Secrecy;

namespace EdsFunctions.Tests.Hosts;

/// <summary>The app does not start with an invalid setting, and explains it in one line.</summary>
public sealed class InvalidSettingsTests : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Alibaba:Timeout", "soon", "Alibaba:Timeout")]
    [InlineData("Alibaba:Timeout", "00:00:00", "Timeout")]
    [InlineData("Alibaba:EndpointOverride", "ftp://127.0.0.1", "Alibaba:EndpointOverride")]
    [InlineData("Alibaba:EndpointOverride", "http://127.0.0.1/path", "Alibaba:EndpointOverride")]
    [InlineData("StaleReportSchedule", "every minute", "StaleReportSchedule")]
    [InlineData("StaleReport:RepeatAfter", "00:00:00", "RepeatAfter")]
    [InlineData("Verifications:ExpireAfter", "00:00:00", "ExpireAfter")]
    [InlineData("Verifications:Store", "Oracle", "Verifications:Store")]
    [InlineData("Verifications:SqlitePath", "/proc/none/verifications.db", "/proc/none")]
    [InlineData("Verifications:SqlitePath", ".", "unable to open database file")]
    [InlineData("KeyVault:Uri", "http://contoso.vault.azure.net", "KeyVault:Uri")]
    [InlineData("KeyVault:CredentialsSecretName", "not a name", "KeyVault:CredentialsSecretName")]
    [InlineData("urls", "http://0.0.0.0:7071", "--urls")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:0", "Kestrel:Endpoints")]
    [InlineData("Simulator:AccessKeySecret", "", "Simulator:AccessKeySecret")]
    [InlineData("Simulator:Url", "nowhere", "'nowhere' is not an address")]
    public async Task Start_InvalidSetting_ExplainsItInOneLine(string key, string value, string expected)
    {
        var line = await ExplanationAsync(["--urls", AnyPort, "--Simulator:Url", AnyPort, $"--{key}", value]);

        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KeyVault:Uri", "Production", "--Alibaba:EndpointOverride", "http://127.0.0.1:9")]
    [InlineData("ALIBABA_CLOUD_ACCESS_KEY_ID", "Development", "--Alibaba:EndpointOverride", "http://127.0.0.1:9")]
    [InlineData(
        "Alibaba:EndpointOverride must be a loopback address", "Production",
        "--Alibaba:EndpointOverride", "https://example.com", "--KeyVault:Uri", "https://contoso.vault.azure.net")]
    // All validation errors are reported at once.
    [InlineData("Timeout", "Development", "--Alibaba:Timeout", "00:00:00", "--Verifications:ExpireAfter", "00:00:00")]
    [InlineData("ExpireAfter", "Development", "--Alibaba:Timeout", "00:00:00", "--Verifications:ExpireAfter", "00:00:00")]
    public async Task Start_IncompatibleSettings_ExplainsThemInOneLine(
        string expected, string environment, params string[] arguments)
    {
        var line = await ExplanationAsync(
            ["--urls", AnyPort, "--Simulator:Url", AnyPort, "--ALIBABA_CLOUD_ACCESS_KEY_ID", "", .. arguments], environment);

        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    /// <summary>Settings that may contain a secret by mistake. {1} is the secret, escaped for a URL.</summary>
    [Theory]
    [InlineData("Alibaba:Timeout", "{0}")]
    [InlineData("Alibaba:EndpointOverride", "http://{1}@127.0.0.1:9")]
    [InlineData("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "{0} with a space")]
    [InlineData("ALIBABA_CLOUD_SECURITY_TOKEN", "{0}\n{0}")]
    [InlineData("KeyVault:Uri", "http://user:{1}@127.0.0.1")]
    [InlineData("KeyVault:CredentialsSecretName", "{0}")]
    [InlineData("Logging:LogLevel:Default", "{0}")]
    [InlineData("StaleReportSchedule", "{0}")]
    [InlineData("urls", "{0}")]
    [InlineData("Verifications:Store", "{0}")]
    [InlineData("Verifications:TableConnectionString", "{0}")]
    [InlineData("Verifications:TableConnectionString", "AccountName=contoso;AccountKey={0}")]
    public async Task Start_InvalidSetting_DoesNotRepeatTheValue(string key, string format)
    {
        const string Secret = "wK7/secret+Of-The-Settings~x9Z=";
        var value = string.Format(CultureInfo.InvariantCulture, format, Secret, Uri.EscapeDataString(Secret));
        var secrets = new Secrets();
        secrets.Add("secret", Secret);

        var line = await ExplanationAsync(
        [
            "--urls", AnyPort, "--Alibaba:EndpointOverride", "http://127.0.0.1:9", "--ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI",
            "--ALIBABA_CLOUD_ACCESS_KEY_SECRET", Secret,
            "--Verifications:Store", key == "Verifications:TableConnectionString" ? "Table" : "Sqlite", $"--{key}", value,
        ]);

        Assert.Empty(secrets.FindIn(line));
    }

    [Fact]
    public void Explain_UnexpectedException_OmitsTheMessage()
    {
        const string Secret = "of-a-secret";

        static void Fail() => throw new NotSupportedException(Secret);

        var line = StartUp.Explain(Assert.Throws<NotSupportedException>(Fail));

        Assert.StartsWith(
            $"NotSupportedException in {typeof(InvalidSettingsTests).FullName}", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
    }

    /// <summary>Starts DevHost up to the point where it would listen.</summary>
    private async Task<string> ExplanationAsync(string[] arguments, string? environment = null)
    {
        var failure = await Record.ExceptionAsync(async () =>
        {
            await using var app = await DevHostApp.CreateAsync(arguments, TextWriter.Null, builder =>
            {
                builder.Environment.ContentRootPath = folder.Path;
                builder.Environment.EnvironmentName = environment ?? Environments.Development;
                // Replaces the registered instance, which has the environment of this process.
                builder.Services.AddSingleton<IHostEnvironment>(builder.Environment);
            });
            app.Web.Services.GetRequiredService<IStartupValidator>().Validate();
            await app.PrepareAsync();
        });

        var line = StartUp.Explain(failure ?? throw new InvalidOperationException("The app would start."));
        Assert.DoesNotContain('\n', line);
        return line;
    }
}
