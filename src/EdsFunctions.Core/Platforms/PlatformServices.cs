using EdsFunctions.Core.Platforms.DingTalk;
using EdsFunctions.Core.Platforms.Feishu;
using EdsFunctions.Core.Platforms.GitHub;
using EdsFunctions.Core.Platforms.Slack;
using EdsFunctions.Core.Platforms.StandardWebhooks;
using EdsFunctions.Core.Platforms.Teams;
using EdsFunctions.Core.Platforms.WeCom;

namespace EdsFunctions.Core.Platforms;

/// <summary>Registers all platforms: chats, report channels and webhook senders.</summary>
internal static class PlatformServices
{
    public static IServiceCollection AddPlatforms(this IServiceCollection services) => services
        .AddSlack()
        .AddTeams()
        .AddDingTalk()
        .AddFeishu()
        .AddWeCom()
        .AddStandardWebhooks()
        .AddGitHub();
}
