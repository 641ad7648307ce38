using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.Notifications;

/// <summary>A report channel for tests: its settings, and a fake of its platform.</summary>
internal sealed class FakeChannel : IAsyncDisposable
{
    /// <summary>Every kind of channel, in the order of registration.</summary>
    public static readonly string[] Kinds = ["Slack", "Teams", "DingTalk", "Feishu", "WeCom", "Webhook"];

    public const string WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public const string PlatformErrorText = "error-text-of-the-platform";

    public static readonly RawHttpReply Fails = RawHttpReply.Create(500, "text/plain", PlatformErrorText);

    public static readonly RawHttpReply Accepts = RawHttpReply.Create(200, "text/html", "ok");

    private static readonly JsonSerializerOptions Unescaped =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string kind;
    private readonly string name;
    private readonly RawHttpServer server;

    private FakeChannel(string kind, string name, RawHttpServer server)
    {
        this.kind = kind;
        this.name = name;
        this.server = server;
    }

    /// <summary>The URL of the channel, with secrets in the path and in the query, as in a real URL.</summary>
    public Uri Url => new(server.Url, "/services/T0/B0/SecretInThePath?access_token=SecretInTheQuery");

    public IReadOnlyList<RawHttpRequest> Requests => server.Requests;

    public IReadOnlyList<JsonNode> Bodies => [.. Requests.Select(request => JsonNode.Parse(request.Body)!)];

    /// <summary>The bodies that the channel received, without escapes.</summary>
    public IReadOnlyList<string> Messages => [.. Bodies.Select(body => body.ToJsonString(Unescaped))];

    /// <summary>The headlines of the messages that the Slack channel received.</summary>
    public IReadOnlyList<string> Headlines =>
        [.. Bodies.Select(body => body["text"]!.GetValue<string>().Split('\n')[0])];

    /// <summary>
    /// Creates a Slack channel. The script has a letter for each message: F to fail, A to accept. The last letter
    /// repeats.
    /// </summary>
    public static FakeChannel Slack(string name, string script = "A") =>
        Create("Slack", name, [.. script.Select(step => step == 'F' ? Fails : Accepts)]);

    /// <summary>Creates a channel. Without a script, it accepts everything.</summary>
    public static FakeChannel Create(string kind, string name, params RawHttpReply[] script) =>
        new(kind, name, RawHttpServer.Start(script is [] ? [AcceptanceOf(kind)] : script));

    /// <summary>The response of the platform when it accepts a message.</summary>
    public static RawHttpReply AcceptanceOf(string kind) => kind switch
    {
        "Slack" => Accepts,
        "Teams" => RawHttpReply.Create(202, "text/plain", ""),
        "DingTalk" or "WeCom" => RawHttpReply.Create(200, "application/json", """{"errcode":0,"errmsg":"ok"}"""),
        "Feishu" => RawHttpReply.Create(200, "application/json", """{"code":0,"data":{},"msg":"success"}"""),
        _ => RawHttpReply.Create(200, "text/plain", ""),
    };

    /// <summary>The settings of channels, with a secret if the kind requires one.</summary>
    public static Dictionary<string, string?> Settings(params IEnumerable<FakeChannel> channels) => channels
        .SelectMany(channel => new (string Name, string? Value)[]
        {
            ($"{channel.name}:Kind", $"{channel.kind}"),
            ($"{channel.name}:Url", $"{channel.Url}"),
            ($"{channel.name}:Secret", channel.kind == "Webhook" ? WebhookSecret : null),
        })
        .ToDictionary(setting => $"StaleReport:Channels:{setting.Name}", setting => setting.Value);

    /// <summary>Waits for the next complete request.</summary>
    public Task<RawHttpRequest> NextAsync() => server.NextAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
