using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Core.Signatures;

/// <summary>A kind of sender whose signed deliveries the webhook accepts.</summary>
/// <param name="Name">
/// The name. Its secrets are the list <c>Webhooks:{Name}Secrets</c>; without any, its deliveries are refused.
/// </param>
/// <param name="Scheme">The signature scheme.</param>
/// <param name="Keys">The keys of the configured secrets.</param>
public sealed record WebhookSender(string Name, SignatureScheme Scheme, SigningKeys Keys)
{
    public const string Section = "Webhooks";

    /// <summary>Identifies a delivery by what its signature covers: the body, and the ID if that is signed.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="bodyHash">The hash of the body.</param>
    internal string IdentifyDelivery(IHeaderDictionary headers, string bodyHash) => Scheme.IdHeader is { } id
        ? $"webhook {Name.ToLowerInvariant()} {headers[id]} {bodyHash}"
        : $"webhook {Name.ToLowerInvariant()} {bodyHash}";
}

/// <summary>The configured secrets of a kind of sender.</summary>
public sealed class WebhookSecrets
{
    public IList<string> Secrets { get; } = [];
}

/// <summary>Registers kinds of senders.</summary>
internal static class WebhookSenderServices
{
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the kind.</param>
    /// <param name="scheme">The signature scheme.</param>
    /// <param name="minBytes">The minimum length of a key.</param>
    public static IServiceCollection AddWebhookSender(
        this IServiceCollection services, string name, SignatureScheme scheme, int minBytes)
    {
        var key = $"{WebhookSender.Section}:{name}Secrets";
        services.AddOptions<WebhookSecrets>(name)
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(key).Bind(options.Secrets))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookSecrets>>(new NamedValidator<WebhookSecrets>(
            name, options => SigningKeys.Validate(key, options.Secrets, scheme.ParseKeys, minBytes)));
        return services.AddSingleton(provider => new WebhookSender(
            name,
            scheme,
            scheme.ParseKeys(provider.GetRequiredService<IOptionsMonitor<WebhookSecrets>>().Get(name).Secrets)));
    }
}
