using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;
using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Core.Platforms.Feishu;

internal static class FeishuServices
{
    public static IServiceCollection AddFeishu(this IServiceCollection services)
    {
        const string Section = $"{ChatOpsOptions.Section}:{FeishuPlatform.PlatformName}";
        services.AddOptions<FeishuAppOptions>().BindConfiguration(Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FeishuAppOptions>>(provider => new NamedValidator<FeishuAppOptions>(
            Options.DefaultName,
            // Read the configuration directly: ChatPlatformOptions would throw here for an invalid secret, which their
            // own validator reports.
            app => provider.GetRequiredService<ClosedSections>().Close(
                Section,
                [app.VerificationToken, app.AppId, app.AppSecret],
                [
                    .. app.Validate(
                        Section,
                        provider.GetRequiredService<IConfiguration>()
                            .GetSection($"{Section}:{nameof(ChatPlatformOptions.Secrets)}").GetChildren().Any()),
                ])));
        return services
            .AddChatPlatform<FeishuPlatform>(FeishuPlatform.PlatformName, FeishuPlatform.Signature)
            .AddSingleton<ChannelKind, FeishuChannel>();
    }
}
