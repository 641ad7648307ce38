namespace EdsFunctions.Tests.Api;

/// <summary>While the app runs, the store becomes unavailable, and then available again.</summary>
public class StoreOutageTests
{
    [Fact]
    public async Task AnyRequest_StoreIsUnavailable_Returns503AndRecovers()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var outage = await CreateOutageAsync();
        await using var app = await EdsApp.StartAsync(configure: outage.Configure);
        var first = (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
        var verification = A.Verification;
        var key = Guid.NewGuid().ToString();

        for (var repeat = 0; repeat < 2; repeat++)
        {
            outage.Begin(app.Store);

            Assert.Equal("unhealthy", (await app.Api.GetAsync("health")).ShouldBe(503)["status"]);
            foreach (var response in new[]
            {
                await app.Api.GetAsync("verifications"),
                await app.Api.GetAsync(first.Id),
                await app.Api.GetAsync("reports/stale"),
                await app.Api.SendAsync(verification, key),
                await app.Api.CancelAsync(first.Id),
            })
            {
                response.ShouldBeProblem(503, "store-unavailable");
                Assert.Equal("10", response.Header("Retry-After"));
            }

            Assert.Single(app.Alibaba.Outbox.Messages);
            outage.End(app.Store);

            (await app.Api.GetAsync("health")).ShouldBe(200);
            Assert.Equal("pending", (await app.Api.GetAsync(first.Id)).ShouldBe(200)["state"]);
        }

        (await app.Api.SendAsync(verification, key)).ShouldBe(201);
        Assert.Equal(2, app.Alibaba.Outbox.Messages.Count);
        Assert.Equal(2, (await app.Store.ListAsync(new VerificationQuery(null, null, null, null, 10), cancel)).Count);
    }

    private protected virtual Task<StoreOutage> CreateOutageAsync() => Task.FromResult<StoreOutage>(new FileOutage());

    /// <summary>Makes a store unavailable.</summary>
    internal abstract class StoreOutage : IAsyncDisposable
    {
        public virtual void Configure(IServiceCollection services)
        {
        }

        public abstract void Begin(IVerificationStore store);

        public abstract void End(IVerificationStore store);

        public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Moves the files of the database away, as if their volume was unmounted.</summary>
    private sealed class FileOutage : StoreOutage
    {
        public override void Begin(IVerificationStore store) => Move(store, "", ".away");

        public override void End(IVerificationStore store) => Move(store, ".away", "");

        private static void Move(IVerificationStore store, string from, string to)
        {
            var path = store.Description["SQLite, ".Length..];
            foreach (var suffix in new[] { "", "-wal", "-shm" }.Where(suffix => File.Exists(path + suffix + from)))
            {
                File.Move(path + suffix + from, path + suffix + to);
            }
        }
    }
}
