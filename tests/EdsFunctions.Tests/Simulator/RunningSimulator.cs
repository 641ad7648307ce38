namespace EdsFunctions.Tests.Simulator;

/// <summary>A simulator on loopback, a clock that stands still, and a client that resends nothing.</summary>
internal sealed class RunningSimulator : IAsyncDisposable
{
    public const string FreeSite = "cn-hangzhou+dir-2051660961";

    public const string AttachedSite = "cn-hangzhou+dir-2051660963";

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());

    private RunningSimulator(SimulatorServer server, FakeTimeProvider time, StringWriter mail)
    {
        Server = server;
        Time = time;
        Mail = mail;
    }

    public SimulatorServer Server { get; }

    public FakeTimeProvider Time { get; }

    public StringWriter Mail { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<RunningSimulator> StartAsync(SimulatorOptions? options = null, DateTimeOffset? now = null)
    {
        var time = new FakeTimeProvider(now ?? new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var mail = new StringWriter();
        var server = await SimulatorServer.StartAsync(
            options ?? new SimulatorOptions(), "http://127.0.0.1:0", mail, time, Cancelled);
        return new RunningSimulator(server, time, mail);
    }

    /// <summary>A good call, dated now or as much earlier or later as said.</summary>
    public Call Call(TimeSpan offset = default) => new()
    {
        Date = (Time.GetUtcNow() + offset).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    public Call CallFor(string cenId) => Call().With("ExtraInfo", $$"""{"cenId":"{{cenId}}"}""");

    /// <summary>A call to another action, for cn-hangzhou.</summary>
    public Call CallTo(string action, params (string Name, string Value)[] parameters) => Call() with
    {
        Action = action,
        Parameters = parameters.Prepend(("RegionId", "cn-hangzhou")).ToDictionary(pair => pair.Item1, pair => pair.Item2),
    };

    /// <summary>VerifyCen for the CEN of another account, with addresses that conflict with nothing.</summary>
    public Call VerifyCen(string code) => CallTo("VerifyCen",
        ("CenId", Simulator.Call.Cen), ("CenOwnerId", Simulator.Call.Owner), ("VerifyCode", code), ("CidrBlock", "192.168.0.0/16"));

    /// <summary>AttachCen for the CEN of another account.</summary>
    public Call AttachCen(string code, string officeSiteId = FreeSite) => CallTo("AttachCen",
        ("CenId", Simulator.Call.Cen), ("CenOwnerId", Simulator.Call.Owner), ("VerifyCode", code), ("OfficeSiteId", officeSiteId));

    /// <summary>Has a code sent for <see cref="Simulator.Call.Cen"/>, and reads the e-mail.</summary>
    public async Task<string> SendCodeAsync()
    {
        Assert.Equal(200, (await SendAsync(Call())).Status);
        return Server.Outbox.Messages[^1].Code;
    }

    public SimulatedOfficeSite Site(string officeSiteId) => Server.OfficeSites.Items.Single(site => site.OfficeSiteId == officeSiteId);

    public Task<Answer> SendAsync(Call call) => SendAsync(call.ToMessage(Server.Url));

    public async Task<Answer> SendAsync(HttpRequestMessage message)
    {
        using (message)
        using (var response = await _http.SendAsync(message, Cancelled))
            return await Answer.ReadAsync(response, Cancelled);
    }

    public Task<Answer> ControlAsync(string method, string path, string json = "") =>
        SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(Server.Url, "/_simulator/" + path))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        });

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
        await Mail.DisposeAsync();
    }
}
