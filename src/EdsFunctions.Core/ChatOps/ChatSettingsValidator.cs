using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// The name of a registered chat platform. Registered as a service, so that it can be read before the options of the
/// platform are validated.
/// </summary>
internal sealed record ChatPlatformName(string Value);

/// <summary>Validates <see cref="ChatOpsOptions"/>.</summary>
internal sealed class ChatSettingsValidator(IConfiguration configuration, IEnumerable<ChatPlatformName> platforms)
    : IValidateOptions<ChatOpsOptions>
{
    private const string Section = ChatOpsOptions.Section;

    private readonly string[] known =
    [
        nameof(ChatOpsOptions.Language),
        nameof(ChatOpsOptions.DefaultRegion),
        nameof(ChatOpsOptions.Channels),
        .. platforms.Select(platform => platform.Value),
    ];

    public ValidateOptionsResult Validate(string? name, ChatOpsOptions options) =>
        GetErrors(options).ToArray() is { Length: > 0 } errors
            ? ValidateOptionsResult.Fail(errors)
            : ValidateOptionsResult.Success;

    private IEnumerable<string> GetErrors(ChatOpsOptions options)
    {
        // Read the configuration directly: AlibabaOptions would throw here for an invalid setting, which their own
        // validator reports.
        var regions = new Regions(configuration.GetSection(
            $"{AlibabaOptions.Section}:{nameof(AlibabaOptions.AdditionalRegions)}").Get<string[]>() ?? []);
        return
        [
            .. Localizer.Validate($"{Section}:Language", options.Language),
            .. options.DefaultRegion is null || regions.Contains(options.DefaultRegion)
                ? Array.Empty<string>()
                : [$"{Section}:DefaultRegion must be a region such as cn-hangzhou."],
            .. options.Channels.Index()
                .Where(one => one.Item is not { Id.Length: > 0, DefaultRegion: { } region }
                    || !regions.Contains(region))
                .Select(one =>
                    $"{Section}:Channels:{one.Index} must have an Id and a DefaultRegion such as cn-hangzhou."),
            // Check the names of the sections, because the configuration binder ignores a platform whose name is
            // misspelled.
            .. configuration.GetSection(Section).GetChildren()
                .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                .Select(child =>
                    $"{child.Path} is not a known setting: use one of {string.Join(", ", known)}."),
        ];
    }
}
