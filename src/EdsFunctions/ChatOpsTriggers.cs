using EdsFunctions.Core.Http;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>
/// HTTP triggers of the chat platforms, which have no function key: each delivery is signed. The work is in
/// <see cref="ChatOpsEndpoints"/>.
/// </summary>
public sealed class ChatOpsTriggers(ChatOpsEndpoints endpoints)
{
    [Function(Functions.SlackCommand)]
    public Task<IResult> Slack(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.SlackCommand)] HttpRequest request) =>
        endpoints.SlackAsync(request);

    [Function(Functions.TeamsCommand)]
    public Task<IResult> Teams(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.TeamsCommand)] HttpRequest request) =>
        endpoints.TeamsAsync(request);

    [Function(Functions.DingTalkCommand)]
    public Task<IResult> DingTalk(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.DingTalkCommand)] HttpRequest request) =>
        endpoints.DingTalkAsync(request);
}
