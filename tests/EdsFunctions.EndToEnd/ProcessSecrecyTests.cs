using EdsFunctions.Tests.Hosts;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// What DevHost writes to standard output and standard error, at the level that says most. The simulator, whose e-mails hold the
/// codes, runs elsewhere.
/// </summary>
[Collection(WatchedApp.OneAtATime)]
public sealed class ProcessSecrecyTests : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly TemporaryFolder folder = new();
    private readonly Evidence evidence = new();
    private readonly Confidential secrets = new Confidential()
        .Add("access key secret", WatchedApp.AccessKeySecret)
        .Add("security token", WatchedApp.SecurityToken)
        .AddOwner(WatchedApp.Owners[0]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_host_that_runs()
    {
        var options = new SimulatorOptions
        {
            AccessKeyId = WatchedApp.AccessKeyId,
            AccessKeySecret = WatchedApp.AccessKeySecret,
            SecurityToken = WatchedApp.SecurityToken,
        };
        await using var alibaba = await SimulatorServer.StartAsync(
            options, AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var host = Start(
            ("Alibaba__EndpointOverride", alibaba.Url.ToString()),
            ("Logging__LogLevel__Default", "Trace"),
            ("Logging__Console__IncludeScopes", "true"),
            ("StaleReportSchedule", "* * * * * *"),
            ("StaleReport__Threshold", "00:00:00"));
        var api = new WatchedApi(new ApiClient(new Uri(await host.ListeningAsync())), evidence);
        var verification = A.Verification.OwnedBy(WatchedApp.Owners[0]);

        var sent = (await api.SendAsync(verification, Key("Idem/Key+1~OfTheProcess-0001"))).ShouldBe(201);
        (await api.SendAsync(verification, Key("Idem/Key+2~OfTheProcess-0002"))).ShouldBe(429);
        (await api.SendAsync(verification.By("alice"), "Idem/Key+1~OfTheProcess-0001")).ShouldBe(422);
        foreach (var fault in new[] { FaultKind.Denied, FaultKind.CloseAfterWork, FaultKind.Malformed })
        {
            alibaba.Faults.Add(new Fault(fault));
            await api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[0]));
        }

        (await api.PostAsync("verifications", $$"""{"cenOwnerId":"x{{WatchedApp.Owners[0]}}"}""")).ShouldBe(400);
        (await api.GetAsync($"verifications/{WatchedApp.Owners[0]}?code={WatchedApp.Owners[0]}")).ShouldBe(404);
        ApiResponse found;
        do
        {
            found = await api.GetAsync($"verifications/{sent.Id}");
        }
        while (found["reportCount"] == "0");

        await host.TerminateAsync();
        await KeepAsync(host);
        foreach (var mail in alibaba.Outbox.Messages)
        {
            secrets.AddNumber("verification code", mail.Code);
        }

        Assert.Contains("Verifications that wait too long", host.Output, StringComparison.Ordinal);
        evidence.ShouldNotShow(secrets);
    }

    /// <summary>Values that do not convert or are not allowed, in places in which a secret may end up by mistake.</summary>
    private static Dictionary<string, (string Name, string Value, string Named)[]> Bad { get; } = new()
    {
        ["a time span"] = [("Alibaba__Timeout", "{0}", "Alibaba:Timeout")],
        ["a time span of the vault"] = [("KeyVault__CacheFor", "{0}", "KeyVault:CacheFor")],
        ["a choice"] = [("Verifications__Store", "{0}", "Verifications:Store")],
        // Of these all is said at once.
        ["an address"] =
        [
            ("Alibaba__EndpointOverride", "http://{url}@127.0.0.1:9", "Alibaba:EndpointOverride"),
            ("KeyVault__Uri", "http://user:{url}@127.0.0.1", "KeyVault:Uri"),
            ("KeyVault__CredentialsSecretName", "{0}", "CredentialsSecretName"),
            ("StaleReportSchedule", "{0}", "StaleReportSchedule"),
        ],
        ["no address"] =
        [
            ("Alibaba__EndpointOverride", "{0}", "Alibaba:EndpointOverride"),
            ("KeyVault__Uri", "{0}", "KeyVault:Uri"),
        ],
        ["own address"] = [("URLS", "{0}", "--urls")],
        ["access key secret"] = [("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "{0} with a space", "access key secret")],
        ["access key id"] = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "{0} {0}", "access key id")],
        ["security token"] = [("ALIBABA_CLOUD_SECURITY_TOKEN", "{0}\n", "security token")],
        ["key of the table"] =
        [
            ("Verifications__Store", "Table", ""),
            ("Verifications__TableConnectionString", "AccountName=contoso;AccountKey={0}", ""),
        ],
        ["connection string that is none"] =
        [
            ("Verifications__Store", "Table", ""),
            ("Verifications__TableConnectionString", "{0}", ""),
        ],
        ["log level"] = [("Logging__LogLevel__Default", "{0}", "")],
        ["telemetry"] = [("APPLICATIONINSIGHTS_CONNECTION_STRING", "{0}", "")],
    };

    public static TheoryData<string> WaysToBeBad => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(WaysToBeBad))]
    public async Task A_host_that_does_not_start(string way)
    {
        await using var host = Start(
        [
            ("Alibaba__EndpointOverride", "http://127.0.0.1:9"),
            .. Bad[way].Select(bad => (bad.Name, bad.Value
                .Replace("{0}", WatchedApp.AccessKeySecret, StringComparison.Ordinal)
                .Replace("{url}", Uri.EscapeDataString(WatchedApp.AccessKeySecret), StringComparison.Ordinal))),
        ]);

        var (exitCode, error) = await KeepAsync(host);

        evidence.ShouldNotShow(secrets);
        Assert.Equal(1, exitCode);
        Assert.All(Bad[way], bad => Assert.Contains(bad.Named, error, StringComparison.Ordinal));
    }

    private string Key(string key)
    {
        secrets.Add("idempotency key", key);
        return key;
    }

    private DevHostProcess Start(params (string Name, string Value)[] environment)
    {
        var all = new Dictionary<string, string>
        {
            ["URLS"] = AnyPort,
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = WatchedApp.AccessKeyId,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = WatchedApp.AccessKeySecret,
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = WatchedApp.SecurityToken,
        };
        foreach (var (name, value) in environment)
        {
            all[name] = value;
        }

        return DevHostProcess.Start(folder.Path, [], all);
    }

    private async Task<(int ExitCode, string Error)> KeepAsync(DevHostProcess host)
    {
        var (exitCode, error) = await host.ExitAsync();
        evidence.Add(Channel.Console, host.Output);
        evidence.Add(Channel.Console, error);
        return (exitCode, error);
    }
}
