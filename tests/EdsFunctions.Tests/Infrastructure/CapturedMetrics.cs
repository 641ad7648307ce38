using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Collects the measurements of all instruments of one app, with their tags.</summary>
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
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    public IReadOnlyList<Measured> All => [.. measured];

    /// <summary>The sum of all measurements of an instrument with certain tags.</summary>
    public double Sum(string instrument, params (string Name, string Value)[] tags) => All
        .Where(one => one.Instrument == instrument
            && tags.All(tag => one.Tags.TryGetValue(tag.Name, out var value) && value == tag.Value))
        .Sum(one => one.Value);

    /// <summary>The current value of a gauge; null if the gauge has no value.</summary>
    public double? Gauge(string instrument) => ReadGauge(instrument).SingleOrDefault()?.Value;

    /// <summary>The current values of a gauge, one per set of tags.</summary>
    public IEnumerable<Measured> ReadGauge(string instrument)
    {
        var before = measured.Count;
        listener.RecordObservableInstruments();
        return All.Skip(before).Where(one => one.Instrument == instrument);
    }

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        measured.Enqueue(new Measured(
            instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value?.ToString())));
}

internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string?> Tags);
