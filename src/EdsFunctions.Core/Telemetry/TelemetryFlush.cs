using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EdsFunctions.Core.Telemetry;

/// <summary>
/// Exports telemetry at once. The exporters send metrics every minute, and an idle instance may be gone before that.
/// Without an exporter, there are no providers and nothing is done.
/// </summary>
public sealed class TelemetryFlush(
    IEnumerable<MeterProvider> meters,
    IEnumerable<TracerProvider> tracers,
    IEnumerable<LoggerProvider> loggers,
    TimeProvider time)
{
    /// <summary>The delay of <see cref="RunSoon"/>, and so the minimum time between two of its flushes.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private const int TimeoutMilliseconds = 2000;

    private readonly Lock gate = new();
    private readonly Func<bool>[] flushes =
    [
        .. meters.Select<MeterProvider, Func<bool>>(meter => () => meter.ForceFlush(TimeoutMilliseconds)),
        .. tracers.Select<TracerProvider, Func<bool>>(tracer => () => tracer.ForceFlush(TimeoutMilliseconds)),
        .. loggers.Select<LoggerProvider, Func<bool>>(logger => () => logger.ForceFlush(TimeoutMilliseconds)),
    ];

    private Task last = Task.CompletedTask;
    private Task? waiting;
    private bool isScheduled;

    /// <summary>
    /// Exports what was recorded before the call. Completes after two seconds at the latest: an exporter may take
    /// longer than the timeout it is given. Never throws.
    /// </summary>
    public async Task RunAsync()
    {
        if (flushes.Length > 0)
        {
            await BeginOrJoin().WaitAsync(TimeSpan.FromMilliseconds(TimeoutMilliseconds), time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Exports after <see cref="Pause"/>, in the background and once for all calls until then. For events that anyone
    /// can cause, such as a request with an invalid signature: otherwise each such request could cause a flush.
    /// </summary>
    internal void RunSoon()
    {
        lock (gate)
        {
            if (flushes.Length == 0 || isScheduled)
            {
                return;
            }

            isScheduled = true;
        }

        _ = RunAfterPauseAsync();
    }

    private async Task RunAfterPauseAsync()
    {
        await Task.Delay(Pause, time);
        lock (gate)
        {
            isScheduled = false;
        }

        await RunAsync();
    }

    /// <summary>
    /// Joins the flush that has not started yet, or adds one. The flush in progress may lack the latest telemetry.
    /// </summary>
    private Task BeginOrJoin()
    {
        lock (gate)
        {
            if (waiting is null)
            {
                var previous = last;
                last = waiting = Task.Run(async () =>
                {
                    await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    lock (gate)
                    {
                        waiting = null;
                    }

                    // An exporter blocks its thread. On the pool of a small instance, requests would wait for it.
                    await Task.WhenAll(flushes.Select(flush => Task.Factory.StartNew(
                        flush, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
                });
            }

            return waiting;
        }
    }
}
