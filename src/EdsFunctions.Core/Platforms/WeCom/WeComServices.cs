using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.WeCom;

internal static class WeComServices
{
    public static IServiceCollection AddWeCom(this IServiceCollection services) =>
        services.AddSingleton<ChannelKind, WeComChannel>();
}
