using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>What an app of Feishu or Lark needs beyond the Encrypt Key, in the same configuration section.</summary>
public sealed class FeishuAppOptions
{
    internal const string FeishuHost = "open.feishu.cn";
    internal const string LarkHost = "open.larksuite.com";

    /// <summary>The API's host: <c>open.feishu.cn</c>, or <c>open.larksuite.com</c> for Lark.</summary>
    public string Host { get; set; } = FeishuHost;

    /// <summary>The app's Verification Token, which is in each event.</summary>
    public string? VerificationToken { get; set => field = value?.Trim(); }

    /// <summary>The app's id, for replies.</summary>
    public string? AppId { get; set => field = value?.Trim(); }

    /// <summary>The app's secret, for replies.</summary>
    public string? AppSecret { get; set => field = value?.Trim(); }

    /// <summary>Nothing is needed as long as there is no Encrypt Key, since every event is refused then.</summary>
    internal IEnumerable<string> Validate(string section, bool isUsed) =>
    [
        .. Host is FeishuHost or LarkHost ? Array.Empty<string>() : [$"{section}:{nameof(Host)} must be {FeishuHost} or {LarkHost}."],
        .. new[]
        {
            (nameof(VerificationToken), VerificationToken), (nameof(AppId), AppId), (nameof(AppSecret), AppSecret),
        }.Where(_ => isUsed).SelectMany(setting => SigningKeys.Validate(
            $"{section}:{setting.Item1}", setting.Item2 ?? "", SigningKeys.FromText, minBytes: 1)),
    ];
}
