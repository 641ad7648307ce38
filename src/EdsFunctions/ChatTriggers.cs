using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>The HTTP trigger of the chat platforms. Needs no function key, because each delivery is signed.</summary>
[Tags("Chats")]
public sealed class ChatTriggers(ChatOpsEndpoints chats)
{
    /// <summary>Receive a command from a chat</summary>
    /// <remarks>
    /// The platform in the route defines the format of the body and the signature. The command help lists all commands.
    /// The response arrives within 2.5 seconds. A repeated delivery never sends a second e-mail.
    /// </remarks>
    [Function(nameof(ChatCommand))]
    [RequestBody(typeof(JsonObject), """{"msgtype":"text","msgId":"msg8sPo2","text":{"content":" pending"}}""")]
    [RequestBody(
        typeof(JsonObject),
        """{"text":"pending","trigger_id":"398738663015.47445629121.803a0bc887","user_id":"U2CERLKJA"}""",
        ContentType = "application/x-www-form-urlencoded")]
    [ProducesResponseType<JsonObject>(
        200, Description = "The reply in the format of the platform, even if the command is refused.")]
    [ProblemResponse(404, "platform-not-found")]
    [ProblemResponse(503, "platform-closed")]
    public Task<IResult> ChatCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chatops/{platform:alpha}")] HttpRequest request) =>
        chats.ChatCommand(request);
}
