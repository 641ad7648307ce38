using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Api;

/// <summary>
/// The HTTP endpoint of the chat platforms. Verifies the signature of a delivery, parses the command, and replies in
/// the format of the platform.
/// </summary>
public sealed class ChatOpsEndpoints(
    IEnumerable<ChatPlatform> platforms,
    ChatCommandHandler handler,
    TimeProvider time,
    DeliveryChecks checks,
    ExceptionFilter filter)
{
    private readonly Dictionary<string, ChatPlatform> platforms =
        platforms.ToDictionary(platform => platform.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Receives a command, delivered and signed by the platform in the route.</summary>
    public Task<IResult> ChatCommand(HttpRequest request) => filter.RunAsync(request, async _ =>
    {
        var arrived = time.GetTimestamp();
        if (!platforms.TryGetValue((string)request.RouteValues["platform"]!, out var platform))
        {
            return Problems.PlatformNotFound();
        }

        checks.RequireOpen(platform.Section, platform.Name);
        var body = await RequestBody.ReadRawAsync(request);
        if (platform.Handshake(body) is { } handshake)
        {
            return Reply(MessageJson.Write(handshake));
        }

        var check = platform.Scheme.Verify(platform.Keys, request.Headers, body.Span, time.GetUtcNow());
        var delivery = check == SignatureCheck.Valid ? platform.Read(body, time.GetUtcNow()) : null;
        checks.RequireValid(
            delivery is DeliveryParseResult.TooOld ? SignatureCheck.Expired : check, platform.Name);
        switch (delivery)
        {
            case DeliveryParseResult.Command command:
                return Reply(MessageJson.Write(await handler.HandleAsync(command.Delivery, platform, arrived)));
            case DeliveryParseResult.Ping:
                return Reply("{}");
            case var malformed:
                return Problems.InvalidRequest("body", ((DeliveryParseResult.Malformed)malformed!).Reason);
        }
    });

    private static EndpointResult Reply(string json) =>
        new(StatusCodes.Status200OK, "application/json; charset=utf-8", json);
}
