using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>A channel of a platform, with the app in it.</summary>
internal sealed class ChatSession(EdsApp app, FakeChatPlatform platform) : IAsyncDisposable
{
    private int deliveries;

    public EdsApp App => app;

    public FakeChatPlatform Platform => platform;

    public static async Task<ChatSession> OpenAsync(
        string platform, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var played = FakeChatPlatform.All[platform];
        var all = new Dictionary<string, string?>
        {
            [$"ChatOps:{platform}:Secrets:0"] = played.Secret,
            [$"ChatOps:{platform}:AllowedUsers:0"] = FakeChatPlatform.Alice,
            ["ChatOps:DefaultRegion"] = "cn-hangzhou",
        };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        return new ChatSession(await EdsApp.StartAsync(all, configure), played);
    }

    public string NextDelivery() => $"398738663015.47445629121.{Interlocked.Increment(ref deliveries)}";

    public ChatRequest Typed(string text, string? delivery = null, string user = FakeChatPlatform.Alice) =>
        platform.Deliver(text, delivery ?? NextDelivery(), app.Time.GetUtcNow(), user);

    public Task<ApiResponse> DeliverAsync(ChatRequest request) => request.SendAsync(app.Api.BaseUrl, platform.Route);

    /// <summary>Types something, and reads all that is said to it.</summary>
    public async Task<string> SayAsync(string text, string? delivery = null, string user = FakeChatPlatform.Alice) =>
        ReadText(await DeliverAsync(Typed(text, delivery, user)));

    /// <summary>Puts a pending verification with a chosen reference on record.</summary>
    public Task<Verification> RecordPendingAsync(string reference) =>
        app.RecordPendingAsync(id: Guid.Parse($"{Guid.CreateVersion7(app.Time.GetUtcNow()):N}"[..^8] + reference));

    /// <summary>Every text of a reply.</summary>
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
