using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>Configuration section <c>ChatOps:Feishu</c>: the settings that only Feishu and Lark have.</summary>
public sealed class FeishuAppOptions
{
    internal const string FeishuHost = "open.feishu.cn";
    internal const string LarkHost = "open.larksuite.com";

    /// <summary>
    /// The host of the platform's API: <c>open.feishu.cn</c> for Feishu, <c>open.larksuite.com</c> for Lark.
    /// </summary>
    public string Host { get; set; } = FeishuHost;

    /// <summary>The Verification Token of the Feishu app, which each event contains.</summary>
    public string? VerificationToken { get; set => field = value?.Trim(); }

    /// <summary>The ID of the Feishu app, with which EdsFunctions sends replies.</summary>
    public string? AppId { get; set => field = value?.Trim(); }

    /// <summary>The secret of the Feishu app, with which EdsFunctions sends replies.</summary>
    public string? AppSecret { get; set => field = value?.Trim(); }

    /// <summary>
    /// Validates the settings of Feishu. They are required only if an Encrypt Key is set: without an Encrypt Key, the
    /// app rejects every event.
    /// </summary>
    internal IEnumerable<string> Validate(string section, bool isUsed) =>
    [
        .. Host is FeishuHost or LarkHost
            ? Array.Empty<string>()
            : [$"{section}:{nameof(Host)} must be {FeishuHost} or {LarkHost}."],
        .. new[]
        {
            (nameof(VerificationToken), VerificationToken), (nameof(AppId), AppId), (nameof(AppSecret), AppSecret),
        }.Where(_ => isUsed).SelectMany(setting => SigningKeys.Validate(
            $"{section}:{setting.Item1}", setting.Item2 ?? "", SigningKeys.FromText, minBytes: 1)),
    ];
}
