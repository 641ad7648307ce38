using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdsFunctions.EcdSimulator.Control;

/// <summary>What the real gateway does not have, under <c>/_simulator</c>: a look inside, and faults on order.</summary>
internal sealed class ControlEndpoints(
    Outbox outbox,
    FaultQueue faults,
    RequestLog requests,
    IReadOnlyList<string> actions)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_simulator/outbox", context =>
            WriteItems(context, outbox.Messages.Where(message => IsAskedFor(context, message.CenId))));
        routes.MapDelete("/_simulator/outbox", context => Clear(context, outbox.Clear));

        routes.MapGet("/_simulator/requests", context =>
            WriteItems(context, requests.Items.Where(request => IsAskedFor(context, request.CenId))));

        routes.MapGet("/_simulator/faults", WriteFaults);
        routes.MapPost("/_simulator/faults", OrderFault);
        routes.MapDelete("/_simulator/faults", context => Clear(context, faults.Clear));
    }

    private async Task OrderFault(HttpContext context)
    {
        try
        {
            // Whatever its content type: curl -d says it is a form.
            var order = await JsonSerializer.DeserializeAsync<FaultOrder>(context.Request.Body, Json, context.RequestAborted);
            faults.Add(order?.ToFault(actions) ?? throw new JsonException("A fault is a JSON object."));
            await WriteFaults(context);
        }
        catch (JsonException exception)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = exception.Message }, Json, context.RequestAborted);
        }
    }

    private Task WriteFaults(HttpContext context) => WriteItems(context, faults.Items.Select(FaultOrder.Of));

    private static Task WriteItems<T>(HttpContext context, IEnumerable<T> items) =>
        context.Response.WriteAsJsonAsync(new { items }, Json, context.RequestAborted);

    private static Task Clear(HttpContext context, Action clear)
    {
        clear();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static bool IsAskedFor(HttpContext context, string? cenId) =>
        !context.Request.Query.TryGetValue("cenId", out var wanted) || wanted == cenId;
}
