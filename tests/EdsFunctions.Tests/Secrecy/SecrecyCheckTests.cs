using System.Diagnostics;
using System.Diagnostics.Metrics;
using Xunit.Sdk;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>When an app is disposed, the <see cref="SecrecyCheck"/> finds a secret in each output of the app.</summary>
public class SecrecyCheckTests
{
    /// <summary>Ways to leak a text, each with the output in which the check has to find the text.</summary>
    private static readonly (string Output, Func<EdsApp, string, Task> Leak)[] Leaks =
    [
        ("log", (app, text) => Log(app, text)),
        ("log", (app, text) => Log(app, "", State("hidden", text))),
        ("log", (app, text) => Log(app, "", State(text, "hidden"))),
        ("log", (app, text) => Log(app, "", State("hidden", new[] { text }))),
        ("log", (app, text) => Log(app, "", exception: new InvalidOperationException("outer", new IOException(text)))),
        ("log", (app, text) => Log(app, "", exception: new IOException { Data = { ["hidden"] = text } })),
        ("log", (app, text) => Log(app, "", scope: State("hidden", text))),
        ("log", (app, text) => Log(app, "", scope: text)),
        ("metric", (app, text) => Measure(app, meter => meter.CreateCounter<long>("c").Add(1, Tag(text)))),
        ("metric", (app, text) => Measure(app, meter => meter.CreateHistogram<double>("h").Record(1, Tag(text)))),
        ("metric", (app, text) => Measure(
            app, meter => meter.CreateObservableGauge("g", () => new Measurement<int>(1, Tag(text))))),
        ("activity", (_, text) => StartActivity(activity => activity.SetTag("hidden", text))),
        ("activity", (_, text) => StartActivity(activity => activity.DisplayName = text)),
        ("activity", (_, text) => StartActivity(activity => activity.SetStatus(ActivityStatusCode.Error, text))),
        ("activity", (_, text) => StartActivity(activity => activity.AddBaggage("hidden", text))),
        ("activity", (_, text) => StartActivity(activity => activity.AddException(new IOException(text)))),
        ("HTTP response", (app, text) => app.Api.SendAsync(A.Verification.By(text))),
        ("stored records", (app, text) => app.Api.SendAsync(A.Verification.By(text))),
        ("message to a channel", async (app, text) =>
        {
            var factory = app.Services.GetRequiredService<IHttpClientFactory>();
            using var client = factory.CreateClient(MessageSender.HttpClientName);
            using var content = new StringContent(text);
            await client.PostAsync(app.Alibaba.Url, content, TestContext.Current.CancellationToken);
        }),
    ];

    [Fact]
    public async Task Dispose_AppThatLeaked_FailsTheTest()
    {
        var app = await EdsApp.StartAsync();
        for (var i = 0; i < Leaks.Length; i++)
        {
            // All these secrets have the same beginning and end. They are so short that the check looks only for the
            // whole secret.
            var secret = $"sEC/ret+No~{i:D2}=";
            app.Secrecy.Secrets.Add($"secret {i}.", secret);
            await Leaks[i].Leak(app, secret);
        }

        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => app.DisposeAsync().AsTask());

        Assert.All(Leaks.Index(), leak => Assert.Contains(
            $"{leak.Item.Output}: contains the secret {leak.Index}.", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dispose_SecretsOfConfigurationRequestsAndSimulator_AreFound()
    {
        const string Typed = "739182";
        var secrets = new Dictionary<string, string?>
        {
            ["ChatOps:Slack:Secrets:0"] = "8f742231b10e8888abcd99yyyzzz85a5",
            ["StaleReport:Channels:ops:Url"] = "https://hooks.slack.com/services/T0/B0/SecretInThePath",
            ["StaleReport:HeartbeatUrl"] = "https://example.com/ping/SecretOfTheHeartbeat",
        };
        var app = await EdsApp.StartAsync(new(secrets) { ["StaleReport:Channels:ops:Kind"] = "Slack" });
        var sent = await app.Api.SendAsync(A.Verification, "an-idempotency-key");
        await app.Api.PostAsync(
            $"verifications/{sent.Id}/check", $$"""{"cidrBlock":"10.0.0.0/8","verifyCode":"{{Typed}}"}""");
        var authorization = app.Alibaba.Requests.Items[0].Headers["Authorization"];
        string?[] leaked =
        [
            .. secrets.Values, "testsecret", "an-idempotency-key", authorization,
            app.Alibaba.Outbox.Messages[0].Code, Typed,
            $"{VerificationBuilder.DefaultOwner}",
        ];
        foreach (var text in leaked)
        {
            await Log(app, $"'{text}'");
        }

        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => app.DisposeAsync().AsTask());

        string[] expected =
        [
            .. secrets.Keys, "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "idempotency key", "signature", "verification code",
            Secrets.AccountId,
        ];
        Assert.All(
            expected, name => Assert.Contains($"log: contains the {name}:", failure.Message, StringComparison.Ordinal));
    }

    private static KeyValuePair<string, object?> Tag(string text) => new("hidden", text);

    private static List<KeyValuePair<string, object?>> State(string name, object value) => [new(name, value)];

    private static Task Log(
        EdsApp app, string text, object? state = null, Exception? exception = null, object? scope = null)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("control");
        using (logger.BeginScope(scope ?? ""))
        {
            logger.Log(LogLevel.Trace, 0, state ?? "", exception, (_, _) => text);
        }

        return Task.CompletedTask;
    }

    private static Task Measure(EdsApp app, Action<Meter> measure)
    {
        measure(app.Services.GetRequiredService<IMeterFactory>().Create("control"));
        return Task.CompletedTask;
    }

    private static Task StartActivity(Action<Activity> change)
    {
        using var source = new ActivitySource(EdsTelemetry.SourceName);
        using var activity = source.StartActivity("control");
        change(activity!);
        return Task.CompletedTask;
    }
}
