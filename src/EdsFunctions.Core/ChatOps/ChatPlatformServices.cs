using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Registers chat platforms.</summary>
internal static class ChatPlatformServices
{
    /// <param name="services">The services.</param>
    /// <param name="name">The platform's name: in the configuration, and in its route in any case.</param>
    /// <param name="scheme">How it signs.</param>
    public static IServiceCollection AddChatPlatform<TPlatform>(
        this IServiceCollection services, string name, SignatureScheme scheme)
        where TPlatform : ChatPlatform
    {
        var section = $"{ChatOpsOptions.Section}:{name}";
        services.AddOptions<ChatPlatformOptions>(name).BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ChatPlatformOptions>>(new NamedValidator<ChatPlatformOptions>(
            name, options => SigningKeys.Validate($"{section}:{nameof(options.Secrets)}", options.Secrets, scheme.ParseKeys)));
        return services.AddSingleton<ChatPlatform, TPlatform>();
    }
}
