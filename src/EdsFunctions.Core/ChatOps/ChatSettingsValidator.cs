using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Core.ChatOps;

/// <summary>The name of a registered chat platform; readable before the platform's own options are validated.</summary>
internal sealed record ChatPlatformName(string Value);

/// <summary>
/// Refuses unknown settings below <c>ChatOps</c>: the configuration binder ignores a misspelled platform.
/// </summary>
internal sealed class ChatSettingsValidator(IConfiguration configuration, IEnumerable<ChatPlatformName> platforms)
    : IValidateOptions<ChatOpsOptions>
{
    private readonly string[] known =
    [
        nameof(ChatOpsOptions.Language),
        nameof(ChatOpsOptions.DefaultRegion),
        nameof(ChatOpsOptions.Channels),
        .. platforms.Select(platform => platform.Value),
    ];

    public ValidateOptionsResult Validate(string? name, ChatOpsOptions options)
    {
        string[] failures =
        [
            .. configuration.GetSection(ChatOpsOptions.Section).GetChildren()
                .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                .Select(child =>
                    $"{child.Path} is not a known setting: use one of {string.Join(", ", known)}."),
        ];
        return failures.Length > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
