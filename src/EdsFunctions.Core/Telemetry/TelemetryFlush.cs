using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EdsFunctions.Core.Telemetry;

/// <summary>
/// Exports telemetry at once. The exporters send metrics every minute, and Azure may remove an idle instance before
/// that. Without a configured exporter, does nothing.
/// </summary>
public sealed class TelemetryFlush(
    IEnumerable<MeterProvider> meters,
    IEnumerable<TracerProvider> tracers,
    IEnumerable<LoggerProvider> loggers,
    TimeProvider time)
{
    /// <summary>
    /// How long <see cref="RunSoon"/> waits before it exports, so that it exports at most once in this time.
    /// </summary>
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
    /// Exports the telemetry that was recorded before this call. Completes after two seconds at the latest, because an
    /// exporter may take longer than its timeout. Never throws.
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
    /// Exports after <see cref="Pause"/>, in the background, once for all calls until then. For events that anyone can
    /// cause, such as a delivery with an invalid signature: otherwise, each such delivery could cause an export.
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
    /// Joins the next export, or adds one. Does not join the export in progress, which may lack the latest telemetry.
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

                    // An exporter blocks its thread. If it blocked a thread of the pool, requests on a small instance
                    // would wait for a thread.
                    await Task.WhenAll(flushes.Select(flush => Task.Factory.StartNew(
                        flush, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
                });
            }

            return waiting;
        }
    }
}
