using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Configuration section <c>ChatOps</c>: language and regions of chat commands.</summary>
public sealed class ChatOpsOptions
{
    public const string Section = "ChatOps";

    /// <summary>The language of replies: <c>en</c> or <c>zh-CN</c>.</summary>
    public string Language { get; set; } = Localizer.English;

    /// <summary>The region of commands that name no region. Default: none, and every command must name one.</summary>
    public string? DefaultRegion { get; set; }

    /// <summary>Channels with their own default region.</summary>
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
    /// The secrets that the platform signs with. If there is no secret, the platform's route refuses every delivery.
    /// </summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// The IDs, as the platform delivers them, of the users who may run commands that change something. If the list is
    /// empty, no user may run these commands. Every user may run the other commands.
    /// </summary>
    public IList<string> AllowedUsers { get; } = [];
}
