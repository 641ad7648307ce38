using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>A channel of the app's, and the server that plays the platform.</summary>
internal sealed class PlayedChannel : IAsyncDisposable
{
    public const string WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly RawHttpServer server;

    private PlayedChannel(ReportChannelKind kind, string name, string? secret, RawHttpServer server)
    {
        this.server = server;
        Kind = kind;
        Name = name;
        Secret = secret;
    }

    public ReportChannelKind Kind { get; }

    public string Name { get; }

    public string? Secret { get; }

    /// <summary>An address as the platforms give them out: whoever knows it can write there.</summary>
    public Uri Url => new(server.Url, "/services/T0/B0/SecretInThePath?access_token=SecretInTheQuery");

    public IReadOnlyList<RawHttpRequest> Requests => server.Requests;

    public IReadOnlyList<JsonNode> Bodies => [.. Requests.Select(request => JsonNode.Parse(request.Body)!)];

    /// <summary>The messages without the escapes of JSON that nothing needs.</summary>
    public IReadOnlyList<string> Said => [.. Bodies.Select(body => body.ToJsonString(Unescaped))];

    /// <summary>The gist of each message, where the channel is one of Slack's.</summary>
    public IReadOnlyList<string> Headlines => [.. Bodies.Select(body => body["text"]!.GetValue<string>())];

    /// <summary>A channel of Slack's; without a script it takes everything.</summary>
    public static PlayedChannel Slack(string name, params RawHttpReply[] script) => Of(ReportChannelKind.Slack, name, script);

    /// <summary>A channel of a kind, with a secret where one is needed; without a script it takes everything.</summary>
    public static PlayedChannel Of(ReportChannelKind kind, string name, params RawHttpReply[] script) => new(
        kind,
        name,
        kind == ReportChannelKind.Webhook ? WebhookSecret : null,
        RawHttpServer.Start(script is [] ? [Accepts(kind)] : script));

    /// <summary>As the platform answers to what it takes.</summary>
    public static RawHttpReply Accepts(ReportChannelKind kind) => kind switch
    {
        ReportChannelKind.Slack => RawHttpReply.Answers(200, "text/html", "ok"),
        ReportChannelKind.Teams => RawHttpReply.Answers(202, "text/plain", ""),
        ReportChannelKind.DingTalk => RawHttpReply.Answers(200, "application/json", """{"errcode":0,"errmsg":"ok"}"""),
        ReportChannelKind.Feishu => RawHttpReply.Answers(
            200, "application/json", """{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"""),
        _ => RawHttpReply.Answers(200, "text/plain", ""),
    };

    /// <summary>The configuration of some channels.</summary>
    public static Dictionary<string, string?> Settings(params IEnumerable<PlayedChannel> channels)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var channel in channels)
        {
            settings[$"StaleReport:Channels:{channel.Name}:Kind"] = channel.Kind.ToString();
            settings[$"StaleReport:Channels:{channel.Name}:Url"] = channel.Url.ToString();
            settings[$"StaleReport:Channels:{channel.Name}:Secret"] = channel.Secret;
        }

        return settings;
    }

    /// <summary>The next request that has arrived whole.</summary>
    public Task<RawHttpRequest> NextAsync() => server.NextAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
