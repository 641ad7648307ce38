using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.Http;

/// <summary>The HTTP side of the chats: a delivery is verified as it came, then read, then answered in the platform's own form.</summary>
public sealed class ChatOpsEndpoints
{
    private readonly SlackPlatform slack;
    private readonly TeamsPlatform teams;
    private readonly DingTalkPlatform dingTalk;
    private readonly ChatDesk desk;
    private readonly TimeProvider time;
    private readonly EndpointGuard guard;
    private readonly ILogger<ChatOpsEndpoints> logger;

    internal ChatOpsEndpoints(
        SlackPlatform slack,
        TeamsPlatform teams,
        DingTalkPlatform dingTalk,
        ChatDesk desk,
        TimeProvider time,
        EndpointGuard guard,
        ILogger<ChatOpsEndpoints> logger)
    {
        this.slack = slack;
        this.teams = teams;
        this.dingTalk = dingTalk;
        this.desk = desk;
        this.time = time;
        this.guard = guard;
        this.logger = logger;
    }

    /// <summary>A slash command of Slack: POST.</summary>
    public Task<IResult> SlackAsync(HttpRequest request) =>
        AnswerAsync(Functions.SlackCommand, slack, request);

    /// <summary>An outgoing webhook of Teams: POST.</summary>
    public Task<IResult> TeamsAsync(HttpRequest request) =>
        AnswerAsync(Functions.TeamsCommand, teams, request);

    /// <summary>A callback of a DingTalk robot: POST.</summary>
    public Task<IResult> DingTalkAsync(HttpRequest request) =>
        AnswerAsync(Functions.DingTalkCommand, dingTalk, request);

    private Task<IResult> AnswerAsync(string function, IChatPlatform platform, HttpRequest request) =>
        guard.RunAsync(function, request, async _ =>
        {
            var arrived = time.GetTimestamp();
            var body = await RequestBody.ReadRawAsync(request);
            var now = time.GetUtcNow();
            if (platform.Verify(platform.Keys, request.Headers, body.Span, now) is not SignatureCheck.Valid and var check)
            {
                logger.DeliveryRefused(function, check);
                return Problems.SignatureInvalid();
            }

            switch (platform.Read(body, now))
            {
                case DeliveryReading.Command command:
                    var (message, isPublic) = await desk.AnswerAsync(command.Delivery, platform, arrived);
                    return Reply(MessageJson.Write(platform.Reply(message, isPublic)));
                case DeliveryReading.Ping:
                    return Reply("{}");
                case DeliveryReading.TooOld:
                    logger.DeliveryRefused(function, SignatureCheck.Expired);
                    return Problems.SignatureInvalid();
                case var unreadable:
                    return Problems.InvalidRequest("body", ((DeliveryReading.Unreadable)unreadable).Reason);
            }
        });

    private static Answer Reply(string json) => new(StatusCodes.Status200OK, "application/json; charset=utf-8", json);
}
