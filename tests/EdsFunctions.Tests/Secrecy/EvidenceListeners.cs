using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using EdsFunctions.DevHost;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// Listens to every meter, every source of activities and every exception of ours in the process, those of the frameworks
/// included: whoever operates the app may collect any of them. What other tests cause meanwhile is heard too, and does no harm.
/// </summary>
internal sealed class EvidenceListeners : IDisposable
{
    private static readonly Assembly[] Ours = [typeof(EdsFunctionsServices).Assembly, typeof(DevHostApp).Assembly];

    private readonly Evidence evidence;
    private readonly MeterListener meters = new();
    private readonly ActivityListener activities;

    /// <param name="evidence">Takes what is heard.</param>
    /// <param name="oursAlone">Hears only the meters and sources that the app itself collects.</param>
    public EvidenceListeners(Evidence evidence, bool oursAlone)
    {
        this.evidence = evidence;
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (!oursAlone || instrument.Meter.Name == EdsMetrics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
        meters.Start();

        activities = new ActivityListener
        {
            ShouldListenTo = source => !oursAlone || source.Name == EdsActivities.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            SampleUsingParentId = (ref ActivityCreationOptions<string> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(activities);
        AppDomain.CurrentDomain.FirstChanceException += Keep;
    }

    /// <summary>Has the gauges say what they would say to a collector.</summary>
    public void ReadGauges() => meters.RecordObservableInstruments();

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Keep;
        activities.Dispose();
        meters.Dispose();
    }

    private void Listen<T>()
        where T : struct => meters.SetMeasurementEventCallback<T>((instrument, _, tags, _) => evidence.Add(
            Channel.Metric, $"{instrument.Meter.Name} {instrument.Name} {Text(tags.ToArray())} {Text(instrument.Tags)}"));

    private void Keep(Activity activity) => evidence.Add(
        Channel.Activity,
        $"""
        {activity.Source.Name} {activity.OperationName} {activity.DisplayName} {activity.Status} {activity.StatusDescription}
        {activity.TraceStateString} {Text(activity.TagObjects)} {Text(activity.Source.Tags)}
        {string.Join(", ", activity.Baggage.Select(one => $"{one.Key}={one.Value}"))}
        {string.Join(", ", activity.Events.Select(one => $"{one.Name} {Text(one.Tags)}"))}
        {string.Join(", ", activity.Links.Select(one => Text(one.Tags)))}
        """);

    private void Keep(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        var exception = thrown.Exception;
        if (Ours.Contains(exception.GetType().Assembly) || Ours.Contains(exception.TargetSite?.DeclaringType?.Assembly))
        {
            evidence.Add(Channel.Exception, exception.ToString());
        }
    }

    private static string Text(IEnumerable<KeyValuePair<string, object?>>? tags) =>
        string.Join(", ", (tags ?? []).Select(tag =>
            $"{tag.Key}={(tag.Value is string[] many ? string.Join(' ', many) : tag.Value)}"));
}
