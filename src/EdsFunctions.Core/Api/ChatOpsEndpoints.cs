using System.Runtime.CompilerServices;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Api;

/// <summary>The HTTP side of the chats: a delivery is verified, parsed, and answered in the form of its platform.</summary>
public sealed class ChatOpsEndpoints(
    SlackPlatform slack,
    TeamsPlatform teams,
    DingTalkPlatform dingTalk,
    ChatDesk desk,
    TimeProvider time,
    EndpointGuard guard,
    ILogger<ChatOpsEndpoints> logger)
{
    /// <summary>A slash command of Slack: POST.</summary>
    public Task<IResult> SlackCommand(HttpRequest request) =>
        AnswerAsync(slack, request);

    /// <summary>An outgoing webhook of Teams: POST.</summary>
    public Task<IResult> TeamsCommand(HttpRequest request) =>
        AnswerAsync(teams, request);

    /// <summary>A callback of a DingTalk robot: POST.</summary>
    public Task<IResult> DingTalkCommand(HttpRequest request) =>
        AnswerAsync(dingTalk, request);

    private Task<IResult> AnswerAsync(
        ChatPlatform platform, HttpRequest request, [CallerMemberName] string function = "") =>
        guard.RunAsync(request, async _ =>
        {
            var arrived = time.GetTimestamp();
            var body = await RequestBody.ReadSignedAsync(request, function, platform.Scheme, platform.Keys, time, logger);
            switch (platform.Read(body, time.GetUtcNow()))
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
        }, function);

    private static Answer Reply(string json) => new(StatusCodes.Status200OK, "application/json; charset=utf-8", json);
}
