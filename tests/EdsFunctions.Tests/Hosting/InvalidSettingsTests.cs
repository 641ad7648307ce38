using System.Net.Sockets;
using EdsFunctions.DevHost;
using EdsFunctions.Tests.Secrecy;

namespace EdsFunctions.Tests.Hosting;

/// <summary>With an invalid setting, the app does not start, and explains the reason in one line.</summary>
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
    [InlineData("Simulator:Url", "nowhere", "Simulator:Url")]
    [InlineData("Simulator:Url", "https://127.0.0.1:0", "Simulator:Url")]
    [InlineData("Simulator:Url", "http://localhost:0", "Simulator:Url")]
    [InlineData("Simulator:CodeLifetime", "24:00:00", "Simulator:CodeLifetime must be hh:mm:ss or d.hh:mm:ss")]
    // Attributes with a range do not reject a negative duration by themselves: dotnet/runtime#40316.
    [InlineData("Alibaba:Timeout", "-00:00:01", "Alibaba:Timeout must be between 00:00:00.1")]
    [InlineData("StaleReport:Threshold", "-00:30:00", "StaleReport:Threshold must be between 00:00:00")]
    [InlineData("urls", "https://127.0.0.1:0", "--urls must consist of http, host and port")]
    [InlineData("urls", "http://127.0.0.1:0/eds", "--urls must consist of http, host and port")]
    [InlineData("urls", "localhost:7071", "--urls must")]
    // Kestrel does not support port 0 with the name localhost.
    [InlineData("urls", "http://localhost:0", "http://127.0.0.1:0")]
    [InlineData("urls", "http://127.0.0.1:0;http://LOCALHOST:0", "--urls must have a fixed port")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "contoso", "APPLICATIONINSIGHTS_CONNECTION_STRING")]
    [InlineData(
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "\"InstrumentationKey=00000000-0000-0000-0000-000000000001\"",
        "quotation")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT must be a URL")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "\"http://127.0.0.1:4317\"", "quotation marks")]
    public async Task Start_InvalidSetting_ExplainsItInOneLine(string key, string value, string expected)
    {
        var line = await ExplanationAsync(["--urls", AnyPort, "--Simulator:Url", AnyPort, $"--{key}", value]);

        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    /// <summary>
    /// .NET reads both <c>24:00:00</c> and <c>24</c> as 24 days: Azure/azure-webjobs-sdk-extensions#247.
    /// </summary>
    [Theory]
    [InlineData("Alibaba:Timeout")]
    [InlineData("KeyVault:CacheFor")]
    [InlineData("KeyVault:MaxStale")]
    [InlineData("StaleReport:Threshold")]
    [InlineData("StaleReport:RepeatAfter")]
    [InlineData("Verifications:ResendCooldown")]
    [InlineData("Verifications:ExpireAfter")]
    [InlineData("Verifications:KeepClosedFor")]
    public async Task Start_DurationOfAnotherForm_NamesTheForm(string key)
    {
        string[] values =
        [
            "24:00:00", "72:00:00", "36:12:00", "24", "30", "00:90:00", "00:00:90", "1.24:00:00", "1:00:00:00", "24h",
            "PT24H",
        ];
        foreach (var value in values)
        {
            var line = await ExplanationAsync(["--urls", AnyPort, "--Simulator:Url", AnyPort, $"--{key}", value]);

            Assert.Equal(
                $"{key} must be hh:mm:ss or d.hh:mm:ss, with at most 23 hours, 59 minutes and 59 seconds: "
                + "one day is 1.00:00:00.",
                line);
        }
    }

    /// <summary>
    /// <c>docker run --env-file</c> passes quotation marks on as a part of the value: moby/moby#46773.
    /// </summary>
    [Theory]
    [InlineData("ALIBABA_CLOUD_ACCESS_KEY_ID", "\"LTAIexample\"")]
    [InlineData("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "'secretOfTheKey'")]
    [InlineData("ALIBABA_CLOUD_SECURITY_TOKEN", "\"CAISexample\"")]
    [InlineData("KeyVault:Uri", "\"https://contoso.vault.azure.net\"")]
    [InlineData("Alibaba:EndpointOverride", "\"http://127.0.0.1:9\"")]
    [InlineData("Alibaba:Timeout", "\"00:00:10\"")]
    [InlineData("Alibaba:AdditionalRegions:0", "\"cn-heyuan\"")]
    [InlineData("Verifications:Store", "\"Table\"")]
    [InlineData("Verifications:MaxSendsPerOwnerPerHour", "'20'")]
    [InlineData("Verifications:SqlitePath", "\"/data/verifications.db\"")]
    [InlineData("Verifications:TableConnectionString", "\"UseDevelopmentStorage=true\"")]
    [InlineData("Verifications:TableServiceUri", " \"https://contoso.table.core.windows.net\" ")]
    [InlineData("StaleReport:HeartbeatUrl", "\"https://example.com/ping\"")]
    [InlineData("ChatOps:Slack:Secrets:0", "\"0123456789abcdef0123456789abcdef\"")]
    [InlineData("Webhooks:GitHubSecrets:0", "\"0123456789abcdef0123456789abcdef\"")]
    [InlineData("urls", "\"http://127.0.0.1:0\"")]
    public async Task Start_ValueInQuotationMarks_NamesTheSetting(string key, string value)
    {
        var line = await ExplanationAsync(
        [
            "--urls", AnyPort, "--Alibaba:EndpointOverride", "http://127.0.0.1:9",
            "--ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI",
            "--ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret", $"--{key}", value,
        ]);

        var name = key == "urls" ? "--urls" : key;
        Assert.Equal($"{name} is in quotation marks, which count as part of the value: remove them.", line);
    }

    /// <summary>
    /// The Azure client throws an exception that does not name the setting: Azure/azure-sdk-for-net#24344.
    /// </summary>
    [Theory]
    [InlineData("contoso")]
    [InlineData("https://contoso.table.core.windows.net")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=contoso")]
    [InlineData(
        "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=no+base64;EndpointSuffix=core.windows.net")]
    [InlineData("BlobEndpoint=https://contoso.blob.core.windows.net/;SharedAccessSignature=sv=1")]
    [InlineData("@Microsoft.KeyVault(VaultName=contoso;SecretName=storage)")]
    [InlineData("UseDevelopmentStorage=yes")]
    public async Task Start_NoConnectionString_NamesTheSetting(string value)
    {
        var line = await ExplanationAsync(
        [
            "--urls", AnyPort, "--Simulator:Url", AnyPort, "--Verifications:Store", "Table",
            "--Verifications:TableConnectionString", value,
        ]);

        Assert.StartsWith(
            "Verifications:TableConnectionString must be the connection string",
            line,
            StringComparison.Ordinal);
    }

    /// <summary>Azurite is often not running when a developer starts the app: Azure/Azurite#2607.</summary>
    [Fact]
    public async Task Start_TableRefusesTheConnection_NamesHostPortAndSetting()
    {
        using var port = new UnusedPort();
        var address = port.Url.Authority;

        var line = await ExplanationAsync(
        [
            "--urls", AnyPort, "--Simulator:Url", AnyPort, "--Verifications:Store", "Table",
            "--Verifications:TableConnectionString",
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=c2VjcmV0;"
                + $"TableEndpoint=http://{address}/devstoreaccount1;",
        ]);

        Assert.StartsWith(
            $"Azure Table EdsVerifications at {address} is unavailable: ",
            line,
            StringComparison.Ordinal);
        Assert.Contains("Verifications:TableConnectionString", line, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/none/verifications.db")]
    [InlineData(".")]
    [InlineData("/")]
    [InlineData("file/verifications.db")]
    [InlineData("file")]
    public async Task Start_DatabaseCannotBeWritten_NamesFileAndSetting(string path)
    {
        await File.WriteAllTextAsync(folder.File("file"), new string('x', 4096), TestContext.Current.CancellationToken);

        var line = await ExplanationAsync(
            ["--urls", AnyPort, "--Simulator:Url", AnyPort, "--Verifications:SqlitePath", path]);

        Assert.StartsWith(
            $"Verifications:SqlitePath: SQLite, {Path.Combine(folder.Path, path)} cannot be opened or written: ",
            line,
            StringComparison.Ordinal);
    }

    /// <summary>
    /// Without a check, Kestrel throws a long exception for a port in use: aspnet/KestrelHttpServer#2723.
    /// </summary>
    [Theory]
    [InlineData("urls", "--urls: cannot listen on ")]
    [InlineData("Simulator:Url", "Simulator:Url: Failed to bind to address http://")]
    public async Task Start_PortInUse_NamesAddressAndSetting(string key, string setting)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var line = await ExplanationAsync(
            ["--urls", AnyPort, "--Simulator:Url", AnyPort, $"--{key}", $"http://{listener.LocalEndpoint}"]);

        Assert.StartsWith($"{setting}{listener.LocalEndpoint}: ", line, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("KeyVault:Uri", "Production", "--Alibaba:EndpointOverride", "http://127.0.0.1:9")]
    [InlineData("ALIBABA_CLOUD_ACCESS_KEY_ID", "Development", "--Alibaba:EndpointOverride", "http://127.0.0.1:9")]
    [InlineData(
        "Alibaba:EndpointOverride must be a loopback address", "Production",
        "--Alibaba:EndpointOverride", "https://example.com", "--KeyVault:Uri", "https://contoso.vault.azure.net")]
    // The app reports all validation errors at once.
    [InlineData("Timeout", "Development", "--Alibaba:Timeout", "00:00:00", "--Verifications:ExpireAfter", "00:00:00")]
    [InlineData(
        "ExpireAfter", "Development", "--Alibaba:Timeout", "00:00:00", "--Verifications:ExpireAfter", "00:00:00")]
    public async Task Start_IncompatibleSettings_ExplainsThemInOneLine(
        string expected, string environment, params string[] arguments)
    {
        var line = await ExplanationAsync(
            ["--urls", AnyPort, "--Simulator:Url", AnyPort, "--ALIBABA_CLOUD_ACCESS_KEY_ID", "", .. arguments],
            environment);

        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    /// <summary>
    /// Settings into which an operator may put a secret by mistake. {1} stands for the secret, escaped for a URL.
    /// </summary>
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
            "--urls", AnyPort, "--Alibaba:EndpointOverride", "http://127.0.0.1:9",
            "--ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI",
            "--ALIBABA_CLOUD_ACCESS_KEY_SECRET", Secret,
            "--Verifications:Store", key == "Verifications:TableConnectionString" ? "Table" : "Sqlite",
            $"--{key}", value,
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

    private async Task<string> ExplanationAsync(string[] arguments, string? environment = null)
    {
        var failure = await Record.ExceptionAsync(async () =>
        {
            await using var app = await DevHostApp.CreateAsync(arguments, TextWriter.Null, builder =>
            {
                builder.Environment.ContentRootPath = folder.Path;
                builder.Environment.EnvironmentName = environment ?? Environments.Development;
                // Replace the registered IHostEnvironment, which has the environment of this process.
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
