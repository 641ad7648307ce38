using EdsFunctions.Core.Common;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Registers chat platforms.</summary>
internal static class ChatPlatformServices
{
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the platform in the configuration and, case-insensitive, in its route.</param>
    /// <param name="scheme">The signature scheme of its deliveries.</param>
    public static IServiceCollection AddChatPlatform<TPlatform>(
        this IServiceCollection services, string name, SignatureScheme scheme)
        where TPlatform : ChatPlatform
    {
        var section = $"{ChatOpsOptions.Section}:{name}";
        services.AddOptions<ChatPlatformOptions>(name).BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ChatPlatformOptions>>(provider =>
            new NamedValidator<ChatPlatformOptions>(name, options =>
                provider.GetRequiredService<ClosedSections>().Close(
                    section,
                    options.Secrets,
                    [.. SigningKeys.Validate($"{section}:Secrets", options.Secrets, scheme.ParseKeys)])));
        return services
            .AddSingleton(new ChatPlatformName(name))
            .AddSingleton<ChatPlatform, TPlatform>();
    }
}
