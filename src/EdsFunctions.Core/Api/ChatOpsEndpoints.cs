using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Api;

/// <summary>The HTTP side of the chats: a delivery is verified, parsed, and answered in the form of its platform.</summary>
public sealed class ChatOpsEndpoints(
    IEnumerable<ChatPlatform> platforms,
    ChatCommandHandler handler,
    TimeProvider time,
    ExceptionFilter filter,
    ILogger<ChatOpsEndpoints> logger)
{
    private readonly Dictionary<string, ChatPlatform> platforms =
        platforms.ToDictionary(platform => platform.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A command: POST, as the platform of the route delivers and signs it.</summary>
    public Task<IResult> ChatCommand(HttpRequest request) => filter.RunAsync(request, async _ =>
    {
        var arrived = time.GetTimestamp();
        if (!platforms.TryGetValue((string)request.RouteValues["platform"]!, out var platform))
        {
            return Problems.NoSuchPlatform();
        }

        var body = await RequestBody.ReadRawAsync(request);
        if (platform.Handshake(body) is { } handshake)
        {
            return Reply(MessageJson.Write(handshake));
        }

        RequestBody.Verify(request, body, platform.Name, platform.Scheme, platform.Keys, time, logger);
        switch (platform.Read(body, time.GetUtcNow()))
        {
            case DeliveryParseResult.Command command:
                return Reply(MessageJson.Write(await handler.HandleAsync(command.Delivery, platform, arrived)));
            case DeliveryParseResult.Ping:
                return Reply("{}");
            case DeliveryParseResult.TooOld:
                logger.DeliveryRefused(platform.Name, SignatureCheck.Expired);
                return Problems.SignatureInvalid();
            case var unreadable:
                return Problems.InvalidRequest("body", ((DeliveryParseResult.Malformed)unreadable).Reason);
        }
    });

    private static EndpointResult Reply(string json) => new(StatusCodes.Status200OK, "application/json; charset=utf-8", json);
}
