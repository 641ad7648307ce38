namespace EdsFunctions.EcdSimulator.Control;

/// <summary>What the real gateway does not have, under <c>/_simulator</c>: a look inside, and faults on order.</summary>
internal sealed class ControlEndpoints(
    Outbox outbox,
    FaultQueue faults,
    RequestLog requests,
    IReadOnlyList<string> actions)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_simulator/outbox", context => ControlJson.WriteItemsAsync(
            context, outbox.Messages.Where(message => ControlJson.IsAskedFor(context, message.CenId))));
        routes.MapDelete("/_simulator/outbox", context => Clear(context, outbox.Clear));

        routes.MapGet("/_simulator/requests", context => ControlJson.WriteItemsAsync(
            context, requests.Items.Where(request => ControlJson.IsAskedFor(context, request.CenId))));

        routes.MapGet("/_simulator/faults", context => ControlJson.WriteItemsAsync(context, Ordered()));
        routes.MapPost("/_simulator/faults", context => ControlJson.OrderAsync<FaultOrder>(context, "A fault", Order));
        routes.MapDelete("/_simulator/faults", context => Clear(context, faults.Clear));
    }

    private object Order(FaultOrder order)
    {
        faults.Add(order.ToFault(actions));
        return new { items = Ordered() };
    }

    private IEnumerable<FaultOrder> Ordered() => faults.Items.Select(FaultOrder.Of);

    private static Task Clear(HttpContext context, Action clear)
    {
        clear();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
