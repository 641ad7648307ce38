using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Teams;

internal static class TeamsServices
{
    public static IServiceCollection AddTeams(this IServiceCollection services) =>
        services
        .AddChatPlatform<TeamsPlatform>(TeamsPlatform.PlatformName, TeamsPlatform.Signature)
        .AddSingleton<ChannelKind, TeamsChannel>();
}
