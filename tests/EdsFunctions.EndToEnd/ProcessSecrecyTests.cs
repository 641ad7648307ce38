using EdsFunctions.Tests.Hosts;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// The output of DevHost contains no secrets, even at the most detailed log level. The simulator, which prints the
/// codes, runs in the process of the test instead.
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
    public async Task Output_AtTraceLevel_ContainsNothingConfidential()
    {
        await using var alibaba = await SimulatorServer.StartAsync(
            credentials, AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        var settings = new Dictionary<string, string>
        {
            ["URLS"] = AnyPort,
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = credentials.AccessKeyId,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = credentials.AccessKeySecret,
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = credentials.SecurityToken!,
            ["Alibaba__EndpointOverride"] = alibaba.Url.ToString(),
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
            ["StaleReportSchedule"] = "* * * * * *",
            ["StaleReport__Threshold"] = "00:00:00",
        };
        secrecy.Secrets.AddConfigured(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)));
        await using var host = DevHostProcess.Start(folder.Path, [], settings);
        var api = new ApiClient(new Uri(await host.ListeningAsync()));
        secrecy.Watch(api.BaseUrl);
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
        var (_, error) = await host.ExitAsync();
        secrecy.Secrets.AddFrom(alibaba);
        secrecy.Add("standard output", host.Output);
        secrecy.Add("standard error", error);
        secrecy.Verify();
        Assert.Contains("Stale verifications", host.Output, StringComparison.Ordinal);

        // Show that the check works: it finds a secret in an output that has one.
        secrecy.Add("standard output", $"{alibaba.Outbox.Messages[0].Code} of {Owner}");
        Assert.Equal(2, secrecy.FindLeaks().Count);
    }
}
