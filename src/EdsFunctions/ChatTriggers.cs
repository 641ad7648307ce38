using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP trigger of the chat platforms. It needs no function key: each delivery is signed.</summary>
[Tags("Chats")]
public sealed class ChatTriggers(ChatOpsEndpoints chats)
{
    /// <summary>Receive a command from a chat</summary>
    /// <remarks>
    /// The body and the signature are in the format of the platform in the path. Commands: send, resend, pending, show,
    /// check, attach, done, cancel, help. The app responds within 2.5 seconds; a repeated delivery changes nothing.
    /// </remarks>
    [Function(nameof(ChatCommand))]
    [RequestBody(typeof(JsonObject), """{"msgtype":"text","msgId":"msg8sPo2","text":{"content":" pending"}}""")]
    [RequestBody(
        typeof(JsonObject),
        """{"text":"pending","trigger_id":"398738663015.47445629121.803a0bc887","user_id":"U2CERLKJA"}""",
        ContentType = "application/x-www-form-urlencoded")]
    [ProducesResponseType<JsonObject>(
        200,
        Description = "The reply in the format of the platform; rejected commands get a reply too.")]
    [ProblemResponse(404, "platform-not-found")]
    public Task<IResult> ChatCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chatops/{platform:alpha}")] HttpRequest request) =>
        chats.ChatCommand(request);
}
