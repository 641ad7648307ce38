using EdsFunctions.Core.Common;
using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Core.Signatures;

/// <summary>The secrets with which a kind of webhook sender signs its deliveries.</summary>
public sealed class WebhookSecrets
{
    public IList<string> Secrets { get; } = [];
}

/// <summary>Registers kinds of senders.</summary>
internal static class WebhookSenderServices
{
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the kind.</param>
    /// <param name="schemes">The variants of the signature scheme, with different header names.</param>
    /// <param name="minBytes">The minimum length of a key.</param>
    public static IServiceCollection AddWebhookSender(
        this IServiceCollection services, string name, IReadOnlyList<SignatureScheme> schemes, int minBytes)
    {
        var parseKeys = schemes[0].ParseKeys;
        var key = WebhookSender.GetSecretsSection(name);
        services.AddOptions<WebhookSecrets>(name)
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(key).Bind(options.Secrets))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookSecrets>>(provider => new NamedValidator<WebhookSecrets>(
            name,
            options => provider.GetRequiredService<ClosedSections>().Close(
                key, options.Secrets, [.. SigningKeys.Validate(key, options.Secrets, parseKeys, minBytes)])));
        return services.AddSingleton(provider =>
        {
            var secrets = provider.GetRequiredService<IOptionsMonitor<WebhookSecrets>>().Get(name).Secrets;
            var isClosed = provider.GetRequiredService<ClosedSections>().FindError(key) is not null;
            return new WebhookSender(name, schemes, parseKeys(isClosed ? [] : secrets));
        });
    }
}
