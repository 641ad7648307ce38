namespace EdsFunctions.Tests.Simulator;

/// <summary>The base class of tests that start a simulator for each test.</summary>
public abstract class SimulatorTest : IAsyncLifetime
{
    private protected RunningSimulator Ecd { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Ecd = await RunningSimulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Ecd.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A simulator on loopback with a fake clock.</summary>
internal sealed class RunningSimulator(SimulatorServer server, FakeTimeProvider time, StringWriter mail)
    : IAsyncDisposable
{
    public const string Cen = "cen-3weq30r6t0s7t4abcd";

    public const string Owner = "1234567890123456";

    public const string AnotherOwner = "6543210987654321";

    public const string FreeSite = "cn-hangzhou+dir-2051660961";

    public const string AttachedSite = "cn-hangzhou+dir-2051660963";

    public SimulatorServer Server => server;

    public FakeTimeProvider Time => time;

    public string Mail => mail.ToString();

    /// <summary>The code of the last e-mail.</summary>
    public string LastCode => server.Outbox.Messages[^1].Code;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RunningSimulator> StartAsync(SimulatorOptions? options = null, DateTimeOffset? now = null)
    {
        var time = new FakeTimeProvider(now ?? new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var mail = new StringWriter();
        var server = await SimulatorServer.StartAsync(
            options ?? new SimulatorOptions(), "http://127.0.0.1:0", mail, time, Cancel);
        return new RunningSimulator(server, time, mail);
    }

    /// <summary>A valid call to any operation, for a CEN of another account.</summary>
    /// <param name="action">The operation.</param>
    /// <param name="code">The code, for the operations that have one.</param>
    /// <param name="offset">The date of the call, relative to now.</param>
    public Call CallTo(string action, string code = "123456", TimeSpan offset = default)
    {
        var date = (time.GetUtcNow() + offset).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var call = new Call(action, date, Guid.NewGuid().ToString()).With("RegionId", "cn-hangzhou");
        return action switch
        {
            "SendVerifyCode" => call.With("VerifyCodeAction", "eds_cenID_securityverification").WithCen(Cen, Owner),
            "VerifyCen" => WithClaim().With("CidrBlock", "192.168.0.0/16"),
            "AttachCen" => WithClaim().With("OfficeSiteId", FreeSite),
            _ => call,
        };

        Call WithClaim() => call.With("CenId", Cen).With("CenOwnerId", Owner).With("VerifyCode", code);
    }

    public Call SendVerifyCode() => CallTo("SendVerifyCode");

    public Call VerifyCen(string code) => CallTo("VerifyCen", code);

    public Call AttachCen(string code, string officeSiteId = FreeSite) =>
        CallTo("AttachCen", code).With("OfficeSiteId", officeSiteId);

    /// <summary>Sends a code and returns it.</summary>
    /// <param name="cenId">The CEN.</param>
    /// <param name="ownerId">The account of the owner.</param>
    /// <param name="unlike">
    /// A code that the result must not equal. If the random code equals it, sends another code.
    /// </param>
    public async Task<string> SendCodeAsync(string cenId = Cen, string ownerId = Owner, string? unlike = null)
    {
        do
            Assert.Equal(200, (await SendAsync(SendVerifyCode().WithCen(cenId, ownerId))).Status);
        while (LastCode == unlike);
        return LastCode;
    }

    public SimulatedOfficeSite Site(string officeSiteId = FreeSite) =>
        server.OfficeSites.Items.Single(site => site.OfficeSiteId == officeSiteId);

    public Task<ApiResponse> SendAsync(Call call) => SendAsync(call.ToMessage(server.Url));

    public static async Task<ApiResponse> SendAsync(HttpRequestMessage message)
    {
        using (message)
        using (var response = await LoopbackHttp.SendAsync(message, Cancel))
            return await ApiResponse.ReadAsync(response);
    }

    public Task<ApiResponse> ControlAsync(string method, string path, string json = "") =>
        SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(server.Url, "/_simulator/" + path))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/x-www-form-urlencoded"),
        });

    public async Task<IReadOnlyList<JsonElement>> ItemsAsync(string path) =>
        [.. (await ControlAsync("GET", path)).Json.GetProperty("items").EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await mail.DisposeAsync();
    }
}

internal static class ResponseExtensions
{
    public static ApiResponse ShouldSucceed(this ApiResponse response)
    {
        response.ShouldBe(200);
        Assert.Equal(response.Header("x-acs-request-id"), response["RequestId"]);
        return response;
    }

    public static void ShouldBeError(this ApiResponse response, int status, string code)
    {
        Assert.Equal((status, code), (response.Status, response["Code"]));
        Assert.Equal(
            "application/json;charset=utf-8",
            response.Header("Content-Type")?.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(response.Header("x-acs-request-id"), response["RequestId"]);
        Assert.All(["HostId", "Message", "Recommend"], name => Assert.NotEmpty(response[name]!));
    }

    /// <summary>The text of a property; null if the property is null or missing.</summary>
    public static string? Text(this JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) ? value.GetString() : null;

    public static IEnumerable<string> Names(this JsonElement json) =>
        json.EnumerateObject().Select(property => property.Name);
}
