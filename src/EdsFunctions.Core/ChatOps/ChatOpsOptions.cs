using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Configuration section <c>ChatOps</c>: who may ask for what in which chat.</summary>
public sealed class ChatOpsOptions
{
    public const string Section = "ChatOps";

    /// <summary>The language of the answers: <c>en</c> or <c>zh-CN</c>.</summary>
    public string Language { get; set; } = Localizer.English;

    /// <summary>The region where a command names none; null if it has to.</summary>
    public string? DefaultRegion { get; set; }

    /// <summary>Channels with a region of their own.</summary>
    public IList<ChatChannelOptions> Channels { get; } = [];

    public ChatPlatformOptions Slack { get; set; } = new();

    public ChatPlatformOptions Teams { get; set; } = new();

    public ChatPlatformOptions DingTalk { get; set; } = new();

    /// <summary>The region where a command in a channel names none.</summary>
    internal string? RegionOf(string? channel) =>
        Channels.FirstOrDefault(one => one.Id == channel)?.DefaultRegion ?? DefaultRegion;

    /// <summary>Checks them at start-up: a secret that cannot be used would refuse everyone, or worse.</summary>
    internal IEnumerable<string> Validate(Regions regions) =>
    [
        .. Localizer.Validate($"{Section}:Language", Language),
        .. DefaultRegion is null || regions.Contains(DefaultRegion)
            ? Array.Empty<string>()
            : [$"{Section}:DefaultRegion must be a region such as cn-hangzhou."],
        .. Channels.Index()
            .Where(one => one.Item is not { Id.Length: > 0, DefaultRegion: { } region } || !regions.Contains(region))
            .Select(one => $"{Section}:Channels:{one.Index} must have an Id and a DefaultRegion such as cn-hangzhou."),
        .. SigningKeys.Validate($"{Section}:Slack:Secrets", Slack.Secrets, SigningKeys.OfText),
        .. SigningKeys.Validate($"{Section}:Teams:Secrets", Teams.Secrets, SigningKeys.OfBase64),
        .. SigningKeys.Validate($"{Section}:DingTalk:Secrets", DingTalk.Secrets, SigningKeys.OfText),
    ];
}

/// <summary>A channel with a region of its own.</summary>
public sealed class ChatChannelOptions
{
    /// <summary>Slack's <c>channel_id</c>, Teams' <c>conversation.id</c>, DingTalk's <c>conversationId</c>.</summary>
    public string Id { get; set; } = "";

    public string? DefaultRegion { get; set; }
}

/// <summary>What one platform signs with, and who may change things there.</summary>
public sealed class ChatPlatformOptions
{
    /// <summary>The secrets that it signs with; none, and its route refuses.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// The users who may change things: Slack's <c>user_id</c>, Teams' <c>from.aadObjectId</c>, DingTalk's <c>senderStaffId</c>. Nobody, where
    /// it is empty; all may read.
    /// </summary>
    public IList<string> AllowedUsers { get; } = [];
}
