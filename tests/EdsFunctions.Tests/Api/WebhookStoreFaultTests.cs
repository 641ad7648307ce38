using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Api;

/// <summary>While the store fails, a sender must deliver again, unless a code may have been sent.</summary>
public class WebhookStoreFaultTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Webhooks:GitHubSecrets:0"] = WebhookTests.GitHubSecret,
    };

    public static TheoryData<Exception, string> Failures => new()
    {
        { new StoreUnavailableException(new IOException("The connection ended.")), "store-unavailable" },
        { new UnreadableRecordException(Guid.Empty, new JsonException()), "verification-unreadable" },
        { new InvalidOperationException("A defect."), "internal-error" },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Deliver_StoreFails_Returns503AndIsRetried(Exception failure, string problem)
    {
        var isBroken = true;
        await using var app = await EdsApp.StartAsync(Settings, StoreDecorator.Around((method, call) =>
            method == nameof(IVerificationStore.GetTargetAsync) && Volatile.Read(ref isBroken)
                ? throw failure
                : call()));
        var json = A.Verification.Json();

        var failed = (await DeliverAsync(app, json)).ShouldBeProblem(503, problem);
        Volatile.Write(ref isBroken, false);

        Assert.NotNull(failed.Header("Retry-After"));
        (await DeliverAsync(app, json)).ShouldBe(201);
    }

    /// <summary>Alibaba Cloud rejects the send, and the store fails until the app has responded.</summary>
    [Fact]
    public async Task Deliver_RejectionRecordedLate_IsRetriedAfterwards()
    {
        var (isBroken, writes) = (true, 0);
        await using var app = await EdsApp.StartAsync(Settings, StoreDecorator.Around((method, call) =>
            method == nameof(IVerificationStore.WriteAsync)
            && Interlocked.Increment(ref writes) > 1
            && Volatile.Read(ref isBroken)
                ? throw new IOException("The store is down.")
                : call()));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Throttle, RetryAfterMs: 60_000));
        var json = A.Verification.Json();

        (await DeliverAsync(app, json)).ShouldBeProblem(503, "alibaba-throttled");
        (await DeliverAsync(app, json)).ShouldBeProblem(503, "verification-in-progress");
        Volatile.Write(ref isBroken, false);
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await app.Services.GetRequiredService<BackgroundWork>().StoppedAsync(TestContext.Current.CancellationToken);

        Assert.Equal(VerificationState.Failed, Assert.Single(await app.RecordsAsync()).State);
        (await DeliverAsync(app, json)).ShouldBe(201);
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    private static Task<ApiResponse> DeliverAsync(EdsApp app, string json) =>
        WebhookTests.GitHub(Encoding.UTF8.GetBytes(json)).SendAsync(app.Api.BaseUrl, "webhooks/verifications");
}
