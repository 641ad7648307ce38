using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.Notifications;

/// <summary>A channel of the configuration, with a server in place of its platform.</summary>
internal sealed class FakeChannel : IAsyncDisposable
{
    public const string WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public const string TextOfThePlatform = "error-text-of-the-platform";

    public static readonly RawHttpReply Fails = RawHttpReply.Answers(500, "text/plain", TextOfThePlatform);

    public static readonly RawHttpReply Accepts = RawHttpReply.Answers(200, "text/html", "ok");

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string kind;
    private readonly string name;
    private readonly RawHttpServer server;

    private FakeChannel(string kind, string name, RawHttpServer server)
    {
        this.kind = kind;
        this.name = name;
        this.server = server;
    }

    /// <summary>Like the addresses of the platforms: anyone who knows it can post there.</summary>
    public Uri Url => new(server.Url, "/services/T0/B0/SecretInThePath?access_token=SecretInTheQuery");

    public IReadOnlyList<RawHttpRequest> Requests => server.Requests;

    public IReadOnlyList<JsonNode> Bodies => [.. Requests.Select(request => JsonNode.Parse(request.Body)!)];

    /// <summary>The messages without needless JSON escapes.</summary>
    public IReadOnlyList<string> Said => [.. Bodies.Select(body => body.ToJsonString(Unescaped))];

    /// <summary>The headlines of the messages, for Slack.</summary>
    public IReadOnlyList<string> Headlines => [.. Bodies.Select(body => body["text"]!.GetValue<string>().Split('\n')[0])];

    /// <summary>A Slack channel that fails at F and accepts at A; its last response goes for all that follow.</summary>
    public static FakeChannel Slack(string name, string script = "A") =>
        Of("Slack", name, [.. script.Select(step => step == 'F' ? Fails : Accepts)]);

    /// <summary>A channel of a kind; without a script it accepts everything.</summary>
    public static FakeChannel Of(string kind, string name, params RawHttpReply[] script) =>
        new(kind, name, RawHttpServer.Start(script is [] ? [AcceptanceOf(kind)] : script));

    /// <summary>How the platform accepts a message.</summary>
    public static RawHttpReply AcceptanceOf(string kind) => kind switch
    {
        "Slack" => Accepts,
        "Teams" => RawHttpReply.Answers(202, "text/plain", ""),
        "DingTalk" or "WeCom" => RawHttpReply.Answers(200, "application/json", """{"errcode":0,"errmsg":"ok"}"""),
        "Feishu" => RawHttpReply.Answers(200, "application/json", """{"code":0,"data":{},"msg":"success"}"""),
        _ => RawHttpReply.Answers(200, "text/plain", ""),
    };

    /// <summary>The configuration of some channels, with a secret where the kind needs one.</summary>
    public static Dictionary<string, string?> Settings(params IEnumerable<FakeChannel> channels) => channels
        .SelectMany(channel => new (string Name, string? Value)[]
        {
            ($"{channel.name}:Kind", $"{channel.kind}"),
            ($"{channel.name}:Url", $"{channel.Url}"),
            ($"{channel.name}:Secret", channel.kind == "Webhook" ? WebhookSecret : null),
        })
        .ToDictionary(setting => $"StaleReport:Channels:{setting.Name}", setting => setting.Value);

    /// <summary>The next request that has arrived whole.</summary>
    public Task<RawHttpRequest> NextAsync() => server.NextAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
