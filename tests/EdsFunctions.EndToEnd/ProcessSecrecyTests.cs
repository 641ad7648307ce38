using EdsFunctions.Tests.Hosts;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// What DevHost writes to standard output and standard error, at the most detailed log level. The simulator, whose
/// e-mails contain the codes, runs elsewhere.
/// </summary>
public sealed class ProcessSecrecyTests : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";
    private const long Owner = 8231764509128345;

    private readonly TemporaryFolder folder = new();
    private readonly SecrecyCheck secrecy = new();
    private readonly SimulatorOptions credentials = new()
    {
        AccessKeyId = "LTAI5tOfTheProcess",
        AccessKeySecret = "wK7/secret+Of-The-Process~x9Z=",
        SecurityToken = "CAIS8wF1q6Ft5B2y/Token+Of/The/Process/9f8e7d==",
    };

    public void Dispose()
    {
        secrecy.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_host_that_runs_writes_nothing_confidential()
    {
        await using var alibaba = await SimulatorServer.StartAsync(
            credentials, AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var host = Start(new()
        {
            ["Alibaba__EndpointOverride"] = alibaba.Url.ToString(),
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__Console__IncludeScopes"] = "true",
            ["StaleReportSchedule"] = "* * * * * *",
            ["StaleReport__Threshold"] = "00:00:00",
        });
        var api = new ApiClient(new Uri(await host.ListeningAsync()));
        LoopbackHttp.Watch(api.BaseUrl, secrecy);
        var verification = A.Verification.OwnedBy(Owner);

        var sent = (await api.SendAsync(verification, "Idem/Key+1~OfTheProcess")).ShouldBe(201);
        (await api.SendAsync(verification.By("alice"), "Idem/Key+1~OfTheProcess")).ShouldBe(422);
        foreach (var fault in new[] { FaultKind.Denied, FaultKind.CloseAfterWork, FaultKind.Malformed })
        {
            alibaba.Faults.Add(new Fault(fault));
            await api.SendAsync(A.Verification.OwnedBy(Owner));
        }

        (await api.PostAsync("verifications", $$"""{"cenOwnerId":"x{{Owner}}"}""")).ShouldBe(400);
        (await api.GetAsync($"verifications/{Owner}?code={Owner}")).ShouldBe(404);
        while ((await api.GetAsync(sent.Id))["reportCount"] == "0")
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await host.TerminateAsync();
        LoopbackHttp.Watch(api.BaseUrl, null);
        secrecy.Secrets.AddFrom(alibaba);
        await VerifyAsync(host);

        Assert.Contains("Verifications that wait too long", host.Output, StringComparison.Ordinal);
    }

    /// <summary>Secrets in settings that are checked at the start, and so are part of a message.</summary>
    [Fact]
    public async Task A_host_that_cannot_start_does_not_write_the_values_of_its_settings()
    {
        var url = Uri.EscapeDataString(credentials.AccessKeySecret);
        await using var host = Start(new()
        {
            ["Alibaba__EndpointOverride"] = $"http://{url}@127.0.0.1:9",
            ["KeyVault__Uri"] = $"http://user:{url}@127.0.0.1",
            ["KeyVault__CredentialsSecretName"] = credentials.AccessKeySecret,
            ["StaleReportSchedule"] = credentials.AccessKeySecret,
        });

        var error = await VerifyAsync(host);

        Assert.All(
            ["Alibaba:EndpointOverride", "KeyVault:Uri", "CredentialsSecretName", "StaleReportSchedule"],
            name => Assert.Contains(name, error, StringComparison.Ordinal));
    }

    private DevHostProcess Start(Dictionary<string, string> environment)
    {
        environment["URLS"] = AnyPort;
        environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] = credentials.AccessKeyId;
        environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = credentials.AccessKeySecret;
        environment["ALIBABA_CLOUD_SECURITY_TOKEN"] = credentials.SecurityToken!;
        secrecy.Secrets.AddConfigured(environment.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)));
        secrecy.Secrets.AddAccount($"{Owner}");
        return DevHostProcess.Start(folder.Path, [], environment);
    }

    private async Task<string> VerifyAsync(DevHostProcess host)
    {
        var (_, error) = await host.ExitAsync();
        secrecy.Add("standard output", host.Output);
        secrecy.Add("standard error", error);
        secrecy.Verify();
        return error;
    }
}
