using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Core.Signatures;

/// <summary>A kind of sender whose signed deliveries the webhook accepts.</summary>
/// <param name="Name">Its name; its secrets are the list <c>Webhooks:{Name}Secrets</c>. Without any its deliveries are refused.</param>
/// <param name="Scheme">How it signs.</param>
/// <param name="Keys">What it signs with.</param>
public sealed record WebhookSender(string Name, SignatureScheme Scheme, SigningKeys Keys)
{
    public const string Section = "Webhooks";

    /// <summary>What identifies a delivery, which is what its signature covers: the body, and the id if that is signed.</summary>
    /// <param name="headers">Its headers.</param>
    /// <param name="bodyHash">The hash of its body.</param>
    internal string IdentifyDelivery(IHeaderDictionary headers, string bodyHash) => Scheme.IdHeader is { } id
        ? $"webhook {Name.ToLowerInvariant()} {headers[id]} {bodyHash}"
        : $"webhook {Name.ToLowerInvariant()} {bodyHash}";
}

/// <summary>The secrets of a kind of sender.</summary>
public sealed class WebhookSecrets
{
    public IList<string> Secrets { get; } = [];
}

/// <summary>Registers kinds of senders.</summary>
internal static class WebhookSenderServices
{
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the kind.</param>
    /// <param name="scheme">How it signs.</param>
    /// <param name="minBytes">How many bytes a key has at least.</param>
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
            name, scheme, scheme.ParseKeys(provider.GetRequiredService<IOptionsMonitor<WebhookSecrets>>().Get(name).Secrets)));
    }
}
