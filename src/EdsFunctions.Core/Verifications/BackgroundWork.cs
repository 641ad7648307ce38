using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Verifications;

/// <summary>Work that continues after the response to a request. When the host stops, it waits for this work.</summary>
public sealed class BackgroundWork(IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    private readonly ConcurrentDictionary<Task, bool> tasks = [];

    /// <summary>
    /// Cancelled when the host begins to stop. Work that only waits, such as for a retry, must then end its wait.
    /// </summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <param name="work">
    /// The work. It must handle all its exceptions, because this class does not observe them.
    /// </param>
    public void Add(Task work)
    {
        tasks.TryAdd(work, true);
        _ = work.ContinueWith(done => tasks.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Waits for the work after the web server has stopped, because until then requests may add work.
    /// </summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        while (tasks.Keys.Where(task => !task.IsCompleted).ToArray() is { Length: > 0 } running)
        {
            await Task.WhenAll(running).WaitAsync(cancellationToken);
        }
    }
}
