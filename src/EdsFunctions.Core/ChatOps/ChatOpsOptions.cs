using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;

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

    /// <summary>The region where a command in a channel names none.</summary>
    internal string? GetRegion(string? channel) =>
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
    ];
}

/// <summary>A channel with a region of its own.</summary>
public sealed class ChatChannelOptions
{
    /// <summary>The channel's id, as the platform delivers it.</summary>
    public string Id { get; set; } = "";

    public string? DefaultRegion { get; set; }
}

/// <summary>Configuration section <c>ChatOps:{platform}</c>: what one platform signs with, and who may change things there.</summary>
public sealed class ChatPlatformOptions
{
    /// <summary>The secrets that it signs with; none, and its route refuses.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>The ids of the users who may change things, as the platform delivers them. If it is empty, no one may; all may read.</summary>
    public IList<string> AllowedUsers { get; } = [];
}
