using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.DingTalk;

internal static class DingTalkServices
{
    public static IServiceCollection AddDingTalk(this IServiceCollection services) =>
        services
        .AddChatPlatform<DingTalkPlatform>(DingTalkPlatform.PlatformName, DingTalkPlatform.Signature)
        .AddSingleton<ChannelKind, DingTalkChannel>();
}
