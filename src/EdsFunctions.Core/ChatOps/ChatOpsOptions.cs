using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Configuration section <c>ChatOps</c>: the language and the default regions of chat commands.</summary>
public sealed class ChatOpsOptions
{
    public const string Section = "ChatOps";

    /// <summary>The language of replies to commands: <c>en</c> or <c>zh-CN</c>.</summary>
    public string Language { get; set; } = Localizer.English;

    /// <summary>
    /// The region of commands that name no region. Without this setting, every command must name a region. Default:
    /// none.
    /// </summary>
    public string? DefaultRegion { get; set; }

    /// <summary>The channels that have a default region of their own.</summary>
    public IList<ChatChannelOptions> Channels { get; } = [];

    /// <summary>The region of a command that names no region, by the channel in which it was typed.</summary>
    internal string? GetRegion(IEnumerable<string?> channelIds) => channelIds
        .Select(id => Channels.FirstOrDefault(one => one.Id == id)?.DefaultRegion)
        .FirstOrDefault(region => region is not null) ?? DefaultRegion;
}

/// <summary>A channel with its own default region.</summary>
public sealed class ChatChannelOptions
{
    /// <summary>The ID of the channel, as the platform delivers it.</summary>
    public string Id { get; set; } = "";

    /// <summary>The region of commands that are typed in this channel and name no region.</summary>
    public string? DefaultRegion { get; set; }
}

/// <summary>Configuration section <c>ChatOps:{platform}</c>: secrets and allowed users of one platform.</summary>
public sealed class ChatPlatformOptions
{
    /// <summary>
    /// The secrets with which the platform signs its deliveries. Without a secret, the app rejects every delivery of
    /// this platform.
    /// </summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// The IDs, as the platform delivers them, of the users who may run commands that change something. If the list is
    /// empty, no user may run these commands. Every user may run the other commands.
    /// </summary>
    public IList<string> AllowedUsers { get; } = [];
}
