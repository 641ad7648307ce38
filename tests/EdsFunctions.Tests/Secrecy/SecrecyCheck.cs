using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// Collects everything that an app writes: log entries, metric tags, activities, HTTP responses, messages to channels,
/// stored records, and the output of its process. Fails the test if one of these outputs contains a secret, a code or a
/// whole account id.
/// </summary>
internal sealed class SecrecyCheck : IDisposable
{
    /// <summary>The only output that may contain account ids.</summary>
    private const string StoredRecords = "stored records";

    private const int MaxShownLength = 2000;

    // Keep each output once, because most measurements have the same few tags.
    private readonly ConcurrentDictionary<(string Output, string Text), bool> outputs = new();
    private readonly MeterListener meters = new();
    private readonly ActivityListener activities;
    private Uri? server;

    public SecrecyCheck()
    {
        meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => AddMeasurement(instrument, tags));
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => AddMeasurement(instrument, tags));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => AddMeasurement(instrument, tags));

        // The listener also gets the activities of other apps in the process. They must not contain the secrets of this
        // app either.
        activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EdsTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = AddActivity,
        };
        ActivitySource.AddActivityListener(activities);
    }

    public Secrets Secrets { get; } = new();

    public FakeLogCollector Log { get; } = new();

    /// <summary>
    /// Collects log entries and messages to channels. Must be called before the service provider is built.
    /// </summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<ILoggerProvider>(new FakeLoggerProvider(Log));
        services.AddHttpClient(MessageSender.HttpClientName).AddHttpMessageHandler(() => new MessageHandler(this));
    }

    /// <summary>Collects metrics, and adds the secrets in the configuration to those to look for.</summary>
    public void Watch(IServiceProvider services)
    {
        Secrets.AddConfigured(services.GetRequiredService<IConfiguration>().AsEnumerable());
        var scope = services.GetRequiredService<IMeterFactory>();
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        meters.Start();
    }

    /// <summary>Collects the HTTP responses of a server.</summary>
    public void Watch(Uri baseUrl)
    {
        server = baseUrl;
        LoopbackHttp.Watch(baseUrl, this);
    }

    /// <param name="output">The kind of output, for the failure message.</param>
    /// <param name="text">The output.</param>
    public void Add(string output, string text) => outputs.TryAdd((output, text), true);

    /// <summary>Adds an HTTP response as an output, and the secrets in its request to those to look for.</summary>
    public async Task AddAsync(HttpRequestMessage request, HttpResponseMessage response)
    {
        // Read the body as bytes, because a test may declare a charset that .NET does not know.
        var body = request.Content is null ? "" : Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync());
        Secrets.AddRequest(
            $"{request.RequestUri} {body}",
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.First() : null);

        // Leave out the OpenAPI document, which never changes, and whose examples contain account ids.
        if (!request.RequestUri!.AbsolutePath.EndsWith("/openapi.json", StringComparison.Ordinal))
        {
            await response.Content.LoadIntoBufferAsync();
            var text = await response.Content.ReadAsStringAsync();
            Add("HTTP response", $"{(int)response.StatusCode}\n{response.Headers}{response.Content.Headers}\n{text}");
        }
    }

    /// <summary>Adds the files of a SQLite database, including its write-ahead log.</summary>
    public void AddStoredRecords(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Add(StoredRecords, reader.ReadToEnd());
        }
    }

    /// <summary>Adds a row of a table.</summary>
    public void AddStoredRecord(string row) => Add(StoredRecords, row);

    /// <summary>Fails the test if an output contains something confidential.</summary>
    public void Verify()
    {
        var leaks = FindLeaks();
        Assert.True(leaks.Count == 0, string.Join('\n', leaks));
    }

    /// <summary>Describes each output that contains something confidential.</summary>
    public IReadOnlyList<string> FindLeaks()
    {
        meters.RecordObservableInstruments();
        foreach (var record in Log.GetSnapshot())
        {
            object?[] parts = [record.Category, record.Message, record.State, record.Scopes, record.Exception];
            Add("log", string.Join('\n', parts.Select(Flatten)));
        }

        return
        [
            .. outputs.Keys.SelectMany(output => Secrets.FindIn(output.Text)
                .Where(name => output.Output != StoredRecords || name != Secrets.AccountId)
                .Select(name => $"{output.Output}: contains the {name}: {Start(output.Text)}")),
        ];
    }

    public void Dispose()
    {
        if (server is not null)
        {
            LoopbackHttp.Watch(server, null);
        }

        activities.Dispose();
        meters.Dispose();
    }

    private void AddMeasurement(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Add("metric", $"{instrument.Name} {Flatten(tags.ToArray())} {Flatten(instrument.Tags)}");

    private void AddActivity(Activity activity) => Add(
        "activity",
        $"""
        {activity.DisplayName} {activity.StatusDescription} {Flatten(activity.TagObjects)} {Flatten(activity.Baggage)}
        {Flatten(activity.Events.Select(one => (one.Name, Flatten(one.Tags))))}
        """);

    private static string Start(string text) => text[..Math.Min(text.Length, MaxShownLength)];

    /// <summary>The text of a value, and of all its parts, because tools may show the parts of a log entry.</summary>
    private static string Flatten(object? value) => value switch
    {
        string text => text,
        KeyValuePair<string, object?> pair => $"{pair.Key}={Flatten(pair.Value)}",
        Exception exception => $"{exception} {Flatten(exception.Data)} {Flatten(exception.InnerException?.Data)}",
        DictionaryEntry entry => $"{entry.Key}={Flatten(entry.Value)}",
        IEnumerable many => $"{many} {string.Join(' ', many.Cast<object?>().Select(Flatten))}",
        _ => $"{value}",
    };

    private sealed class MessageHandler(SecrecyCheck check) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            // Leave out the request for an access token, in which the app sends its secret to Feishu.
            if (request.RequestUri!.AbsolutePath != "/open-apis/auth/v3/tenant_access_token/internal")
            {
                check.Add("message to a channel", $"{request.Headers}\n{body}");
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
