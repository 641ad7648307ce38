using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Verifications;

/// <summary>Work that goes on after its response. The host waits for it when it stops.</summary>
public sealed class BackgroundWork(IHostApplicationLifetime lifetime) : IHostedService
{
    private readonly ConcurrentDictionary<Task, bool> tasks = [];

    /// <summary>Cancelled when the host stops: what only waits ends then.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <param name="work">It does not fail: no one would see it.</param>
    public void Add(Task work)
    {
        tasks.TryAdd(work, true);
        _ = work.ContinueWith(done => tasks.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(tasks.Keys).WaitAsync(cancellationToken);
}
