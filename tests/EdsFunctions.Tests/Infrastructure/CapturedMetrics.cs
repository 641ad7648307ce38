using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Listens to the metrics of one app.</summary>
internal sealed class CapturedMetrics : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<Measured> measured = new();

    public CapturedMetrics(IServiceProvider services)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == EdsTelemetry.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
    }

    public IReadOnlyList<Measured> All => [.. measured];

    /// <summary>The sum of what an instrument measured with these tags, whatever others there were.</summary>
    public double Sum(string instrument, params (string Name, string Value)[] tags) => All
        .Where(one => one.Instrument == instrument && tags.All(tag => one.Tags.TryGetValue(tag.Name, out var value) && value == tag.Value))
        .Sum(one => one.Value);

    /// <summary>What an instrument says now; null where it says nothing.</summary>
    public double? Gauge(string instrument) => Now(instrument).SingleOrDefault()?.Value;

    /// <summary>What an instrument says now of each set of tags.</summary>
    public IEnumerable<Measured> Now(string instrument)
    {
        var before = measured.Count;
        listener.RecordObservableInstruments();
        return All.Skip(before).Where(one => one.Instrument == instrument);
    }

    public void Dispose() => listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => measured.Enqueue(
        new Measured(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value?.ToString())));
}

internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string?> Tags);
