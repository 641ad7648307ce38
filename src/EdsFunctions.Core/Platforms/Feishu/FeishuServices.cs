using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Feishu;

internal static class FeishuServices
{
    public static IServiceCollection AddFeishu(this IServiceCollection services) =>
        services.AddSingleton<ChannelKind, FeishuChannel>();
}
