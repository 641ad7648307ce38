using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Slack;

internal static class SlackServices
{
    public static IServiceCollection AddSlack(this IServiceCollection services) =>
        services
        .AddChatPlatform<SlackPlatform>(SlackPlatform.PlatformName, SlackPlatform.Signature)
        .AddSingleton<ChannelKind, SlackChannel>();
}
