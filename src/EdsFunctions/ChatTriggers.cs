using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP triggers of the chat platforms. They need no function key: each delivery is signed.</summary>
[Tags("Chats")]
public sealed class ChatTriggers(ChatOpsEndpoints chats)
{
    private const string Reply = "The reply in the platform's own form; a refusal is a reply too.";

    /// <summary>Receive a slash command of Slack</summary>
    /// <remarks>
    /// Signed with X-Slack-Signature and X-Slack-Request-Timestamp. Commands: send, pending, show, done, cancel, help.
    /// The response comes within 2.5 seconds; a repeated delivery changes nothing.
    /// </remarks>
    [Function(nameof(SlackCommand))]
    [RequestBody(
        typeof(JsonObject),
        """{"text":"pending","trigger_id":"398738663015.47445629121.803a0bc887","user_id":"U2CERLKJA"}""",
        ContentType = "application/x-www-form-urlencoded")]
    [ProducesResponseType<JsonObject>(200, Description = Reply)]
    public Task<IResult> SlackCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chatops/slack")] HttpRequest request) =>
        chats.SlackCommand(request);

    /// <summary>Receive an outgoing webhook of Teams</summary>
    /// <remarks>Signed in Authorization: HMAC. The commands are those of SlackCommand.</remarks>
    [Function(nameof(TeamsCommand))]
    [RequestBody(typeof(JsonObject), """{"type":"message","id":"1700000000000","text":"<at>EDS</at> pending"}""")]
    [ProducesResponseType<JsonObject>(200, Description = Reply)]
    public Task<IResult> TeamsCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chatops/teams")] HttpRequest request) =>
        chats.TeamsCommand(request);

    /// <summary>Receive a callback of a DingTalk robot</summary>
    /// <remarks>Signed in the headers timestamp and sign. The commands are those of SlackCommand.</remarks>
    [Function(nameof(DingTalkCommand))]
    [RequestBody(typeof(JsonObject), """{"msgtype":"text","msgId":"msg8sPo2","text":{"content":" pending"}}""")]
    [ProducesResponseType<JsonObject>(200, Description = Reply)]
    public Task<IResult> DingTalkCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chatops/dingtalk")] HttpRequest request) =>
        chats.DingTalkCommand(request);
}
