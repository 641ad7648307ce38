namespace EdsFunctions.Tests.Verifications;

public sealed class BackgroundWorkTests
{
    /// <summary>
    /// In the worker, the web server is registered before the services of the app, so it stops after them.
    /// </summary>
    [Fact]
    public async Task Stop_WebServerAddsWorkWhileItStops_WaitsForIt()
    {
        using var folder = new TemporaryFolder();
        var settings = AppServices.CreateSettings(alibaba: null);
        settings["Verifications:SqlitePath"] = folder.File("verifications.db");
        using var host = AppServices.Build(settings, TimeProvider.System, services =>
        {
            services.AddSingleton<BusyWebServer>();
            services.Insert(
                0,
                ServiceDescriptor.Singleton<IHostedService>(
                    provider => provider.GetRequiredService<BusyWebServer>()));
        });
        await host.StartAsync(TestContext.Current.CancellationToken);

        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(host.Services.GetRequiredService<BusyWebServer>().IsWorkDoneBeforeTheEnd);
    }

    /// <summary>A request that completes while the web server stops may add background work.</summary>
    [Fact]
    public async Task Stop_WorkAddedMeanwhile_WaitsForIt()
    {
        await using var app = await EdsApp.StartAsync();
        var background = app.Services.GetRequiredService<BackgroundWork>();
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        background.Add(first.Task);

        var stopped = background.StoppedAsync(TestContext.Current.CancellationToken);
        background.Add(second.Task);
        first.SetResult();
        Assert.False(stopped.IsCompleted);
        second.SetResult();

        await stopped.WithTimeoutAsync();
    }

    /// <summary>A web server whose last request adds background work while the server stops.</summary>
    private sealed class BusyWebServer(BackgroundWork background) : IHostedLifecycleService
    {
        private volatile bool isWorkDone;

        public bool IsWorkDoneBeforeTheEnd { get; private set; }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            background.Add(WorkAsync());
            return Task.CompletedTask;
        }

        /// <summary>The host calls this method after those of the services that were registered later.</summary>
        public Task StoppedAsync(CancellationToken cancellationToken)
        {
            IsWorkDoneBeforeTheEnd = isWorkDone;
            return Task.CompletedTask;
        }

        /// <summary>Takes longer than the host needs to stop.</summary>
        private async Task WorkAsync()
        {
            for (var i = 0; i < 200_000; i++)
            {
                await Task.Yield();
            }

            isWorkDone = true;
        }
    }
}
