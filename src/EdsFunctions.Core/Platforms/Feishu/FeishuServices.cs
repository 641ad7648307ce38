using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.Feishu;

internal static class FeishuServices
{
    public static IServiceCollection AddFeishu(this IServiceCollection services)
    {
        const string Section = $"{ChatOpsOptions.Section}:{FeishuPlatform.PlatformName}";
        services.AddOptions<FeishuAppOptions>().BindConfiguration(Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FeishuAppOptions>>(provider => new NamedValidator<FeishuAppOptions>(
            Options.DefaultName,
            app => app.Validate(
                Section,
                provider.GetRequiredService<IOptionsMonitor<ChatPlatformOptions>>().Get(FeishuPlatform.PlatformName).Secrets.Count > 0)));
        return services
            .AddChatPlatform<FeishuPlatform>(FeishuPlatform.PlatformName, FeishuPlatform.Signature)
            .AddSingleton<ChannelKind, FeishuChannel>();
    }
}
