using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// The whole app with secrets that are easy to recognise, and with someone who listens on every way out of it. It runs on the
/// clock of the machine, which the test sets forward, and calls a simulator that accepts nothing but those secrets.
/// </summary>
internal sealed class WatchedApp : IAsyncDisposable
{
    /// <summary>The collection of all tests with these secrets: the listeners hear the whole process.</summary>
    public const string OneAtATime = "Secrecy";

    public const string AccessKeyId = "LTAI5tWatchedAccessKeyId";
    public const string AccessKeySecret = "wK7/secret+Of-The-Watched.App~x9Z=";
    public const string SecurityToken = "CAIS8wF1q6Ft5B2y/Token+Of/The/Watched/App/9f8e7d==";

    private readonly Evidence evidence;
    private readonly EvidenceListeners listeners;
    private readonly EdsApp app;
    private readonly Confidential secrets = new Confidential()
        .Add("access key secret", AccessKeySecret)
        .Add("security token", SecurityToken)
        .Add("token for the vault", StaticToken.Value)
        .Add("text of Alibaba's", "VENDOR-MESSAGE");

    private readonly Confidential owners = new();
    private readonly ShiftedTime time;
    private readonly ShiftedTime alibabasTime;
    private int keys;

    private WatchedApp(
        Evidence evidence,
        EvidenceListeners listeners,
        EdsApp app,
        SimulatorServer alibaba,
        ShiftedTime time,
        ShiftedTime alibabasTime)
    {
        this.time = time;
        this.alibabasTime = alibabasTime;
        this.evidence = evidence;
        this.listeners = listeners;
        this.app = app;
        Alibaba = alibaba;
        Api = new WatchedApi(app.Api, evidence);
        foreach (var owner in Owners)
        {
            owners.AddOwner(owner);
        }
    }

    /// <summary>Whole account ids; the last is more than a number of JavaScript can hold.</summary>
    public static IReadOnlyList<long> Owners { get; } =
        [8231764509128345, 5098761234432187, 6611223344556677, 9107199254740993001];

    public SimulatorServer Alibaba { get; }

    public WatchedApi Api { get; }

    public IVerificationStore Store => app.Store;

    public IServiceProvider Services => app.Services;

    public DateTimeOffset Now => time.GetUtcNow();

    private string DatabasePath => Services.GetRequiredService<IOptions<VerificationOptions>>().Value.SqlitePath;

    /// <param name="settings">Configuration beyond the credentials.</param>
    /// <param name="configure">Changes to the services.</param>
    /// <param name="alibabasSecret">The access key secret that Alibaba knows, where it is not that of the app.</param>
    /// <param name="ownFilters">Keeps the app's filters on the logs of the frameworks, and hears what the app collects.</param>
    public static async Task<WatchedApp> StartAsync(
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? configure = null,
        string alibabasSecret = AccessKeySecret,
        bool ownFilters = false)
    {
        var evidence = new Evidence();
        var time = new ShiftedTime();
        var alibabasTime = new ShiftedTime();
        var alibaba = await SimulatorServer.StartAsync(
            new SimulatorOptions { AccessKeyId = AccessKeyId, AccessKeySecret = alibabasSecret, SecurityToken = SecurityToken },
            "http://127.0.0.1:0",
            TextWriter.Null,
            alibabasTime,
            TestContext.Current.CancellationToken);
        var listeners = new EvidenceListeners(evidence, ownFilters);
        var all = new Dictionary<string, string?>
        {
            ["Alibaba:EndpointOverride"] = alibaba.Url.ToString(),
            ["Alibaba:Timeout"] = "00:00:02",
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = AccessKeyId,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = AccessKeySecret,
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = SecurityToken,
        };
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
        }

        var app = await EdsApp.StartAsync(all, services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.AddSingleton<ILoggerProvider>(new EvidenceLog(evidence));
            if (!ownFilters)
            {
                services.PostConfigure<LoggerFilterOptions>(filters =>
                {
                    filters.Rules.Clear();
                    filters.MinLevel = LogLevel.Trace;
                });
            }

            configure?.Invoke(services);
        });
        return new WatchedApp(evidence, listeners, app, alibaba, time, alibabasTime);
    }

    /// <summary>A new idempotency key, of which only the hash may be kept.</summary>
    public string FreshKey()
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"Idem/Key+{++keys}~OfTheWatchedApp-{Guid.NewGuid():N}");
        secrets.Add("idempotency key", key);
        return key;
    }

    /// <summary>Lets time pass, for the app and for Alibaba.</summary>
    public void Shift(TimeSpan by)
    {
        time.Shift(by);
        SetAlibabasClockOff(by);
    }

    public void SetAlibabasClockOff(TimeSpan by) => alibabasTime.Shift(by);

    /// <summary>Says something that no HTTP client would say, and keeps what is answered until the connection ends.</summary>
    public async Task AskAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Api.BaseUrl.Host, Api.BaseUrl.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        evidence.Add(Channel.Response, await reader.ReadToEndAsync(TestContext.Current.CancellationToken).SoonAsync());
    }

    /// <summary>One run of the timer; what it throws is what an operator sees.</summary>
    /// <returns>Whether it went well.</returns>
    public async Task<bool> RunReportAsync()
    {
        try
        {
            await app.RunReportAsync();
            return true;
        }
        catch (Exception e)
        {
            evidence.Add(Channel.Exception, e.ToString());
            return false;
        }
    }

    /// <summary>Whether an event was logged.</summary>
    public bool Logged(int eventId) => app.Log.Entries.Any(entry => entry.EventId == eventId);

    /// <summary>One more text that must not be seen.</summary>
    public void Confide(string name, string text) => secrets.Add(name, text);

    /// <summary>One more short number that must not be seen.</summary>
    public void ConfideNumber(string name, string digits) => secrets.AddNumber(name, digits);

    /// <summary>Does something to the database behind the back of the app.</summary>
    public void Damage(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        // Each caller is a test with a text of its own.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>What is found on all ways out; nothing, as it should be.</summary>
    /// <param name="heard">The ways on which there must have been something to search.</param>
    public void ShouldHaveShownNothing(params Channel[] heard)
    {
        listeners.ReadGauges();
        foreach (var channel in heard.Concat([Channel.Log, Channel.Response, Channel.Metric, Channel.Activity]))
        {
            Assert.True(evidence.Count(channel) > 0, $"There is nothing of {channel}.");
        }

        LearnWhatAlibabaSaw();
        evidence.ShouldNotShow(secrets);
        evidence.ShouldNotShow(owners);
        InDatabase().ShouldNotShow(secrets);
    }

    /// <summary>Whether the database holds the id of an owner, as it has to: the same search can find something in it.</summary>
    public bool DatabaseHoldsOwners() => DatabaseHolds(owners);

    public bool DatabaseHolds(Confidential confidential) => InDatabase().Find(confidential).Count > 0;

    /// <summary>Whether something was found on a way out.</summary>
    public bool Shows(Channel channel, Confidential confidential)
    {
        listeners.ReadGauges();
        return evidence.Find(confidential).Any(line => line.StartsWith(channel.ToString(), StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        listeners.Dispose();
        await app.DisposeAsync();
        await Alibaba.DisposeAsync();
    }

    private void LearnWhatAlibabaSaw()
    {
        foreach (var mail in Alibaba.Outbox.Messages)
        {
            secrets.AddNumber("verification code", mail.Code);
        }

        foreach (var request in Alibaba.Requests.Items)
        {
            secrets.Add("signature", request.Headers["Authorization"].Split("Signature=")[1]);
        }
    }

    private Evidence InDatabase()
    {
        var found = new Evidence();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(DatabasePath)!))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            // SQLite keeps texts in UTF-8, of which Latin-1 shows all that is ASCII.
            found.Add(Channel.Database, Encoding.Latin1.GetString(bytes.ToArray()));
        }

        return found;
    }
}
