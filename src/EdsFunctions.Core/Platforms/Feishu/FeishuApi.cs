using System.Net.Http.Headers;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>
/// Sends replies by Feishu's API, with an access token of the Feishu app
/// (https://open.feishu.cn/document/server-docs/im-v1/message/reply). Feishu returns errors with the HTTP status 200
/// too, so the field <c>code</c> decides.
/// </summary>
internal sealed class FeishuApi(MessageSender sender, FeishuAppOptions app)
{
    /// <param name="url">The URL for the reply.</param>
    /// <param name="reply">The reply.</param>
    /// <returns>The reason why Feishu did not accept the reply; null if Feishu accepted the reply.</returns>
    public async Task<string?> ReplyAsync(Uri url, JsonObject reply)
    {
        string? token = null;
        var rejection = await PostAsync(
            new Uri(url, "/open-apis/auth/v3/tenant_access_token/internal"),
            new JsonObject { ["app_id"] = app.AppId, ["app_secret"] = app.AppSecret },
            accessToken: null,
            response => token = response.String("tenant_access_token"));
        return rejection ?? (token is null
            ? "the response has no access token"
            : await PostAsync(url, reply, token, read: null));
    }

    private Task<string?> PostAsync(
        Uri url, JsonObject body, string? accessToken, Action<JsonElement>? read) => sender.SendAsync(
        () =>
        {
            var request = MessageJson.Post(url, MessageJson.WriteBytes(body));
            request.Headers.Authorization =
                accessToken is null ? null : new AuthenticationHeaderValue("Bearer", accessToken);
            return request;
        },
        bytes =>
        {
            var rejection = ChannelKind.GetRejectionByCode(bytes, "code");
            if (rejection is null)
            {
                read?.Invoke(LenientJson.ParseObject(bytes)!.Value);
            }

            return rejection;
        },
        CancellationToken.None);
}
