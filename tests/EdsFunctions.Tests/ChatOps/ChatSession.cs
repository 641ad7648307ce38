using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>The app with one chat platform, to which a test sends commands.</summary>
internal sealed class ChatSession(EdsApp app, FakeChatPlatform platform) : IAsyncDisposable
{
    private int deliveries;

    public EdsApp App => app;

    public FakeChatPlatform Platform => platform;

    public static async Task<ChatSession> OpenAsync(
        string platform, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var fake = FakeChatPlatform.All[platform];
        var all = new Dictionary<string, string?>(fake.Settings) { ["ChatOps:DefaultRegion"] = "cn-hangzhou" };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        return new ChatSession(await EdsApp.StartAsync(all, configure), fake);
    }

    public string NextDeliveryId() => $"398738663015.47445629121.{Interlocked.Increment(ref deliveries)}";

    public ChatRequest Typed(string text, string? deliveryId = null, string user = FakeChatPlatform.Alice) =>
        platform.Deliver(text, deliveryId ?? NextDeliveryId(), app.Time.GetUtcNow(), user);

    /// <summary>Signs a request that a test has changed.</summary>
    public ChatRequest Sign(ChatRequest request) => platform.Sign(request, platform.Secret, app.Time.GetUtcNow());

    public Task<ApiResponse> DeliverAsync(ChatRequest request) => request.SendAsync(app.Api.BaseUrl, platform.Route);

    /// <summary>Sends a command and returns the texts of the reply.</summary>
    public async Task<string> SendAsync(
        string text, string? deliveryId = null, string user = FakeChatPlatform.Alice) =>
        ReadText(await DeliverAsync(Typed(text, deliveryId, user)));

    /// <summary>Records a pending verification with a given reference.</summary>
    public Task<Verification> RecordPendingAsync(string reference) =>
        app.RecordPendingAsync(id: Guid.Parse($"{Guid.CreateVersion7(app.Time.GetUtcNow()):N}"[..^8] + reference));

    /// <summary>The texts of a reply.</summary>
    public static string ReadText(ApiResponse reply) => string.Join('\n', Strings(reply.ShouldBe(200).Json));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        _ => [],
    };
}
