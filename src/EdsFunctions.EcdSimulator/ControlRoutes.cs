namespace EdsFunctions.EcdSimulator;

/// <summary>What the real gateway does not have: routes to inspect the simulator, to add faults, and to act as an
/// administrator at the console.</summary>
internal sealed class ControlRoutes(
    Outbox outbox, RecentItems<LoggedRequest> requests, ScheduledFaults faults, OfficeSites sites, IEnumerable<string> operations)
{
    private static readonly Dictionary<string, FaultKind> FaultKinds =
        Enum.GetValues<FaultKind>().ToDictionary(Fault.GetName);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter<FaultKind>(JsonNamingPolicy.CamelCase) },
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/_simulator");
        control.MapGet("/outbox", context => WriteAsync(context, outbox.Messages, message => message.CenId));
        control.MapDelete("/outbox", context => ClearAsync(context, outbox.Clear));
        control.MapGet("/requests", context => WriteAsync(context, requests.Items, request => request.CenId));
        control.MapGet("/faults", context => WriteAsync(context, faults.Items, fault => fault.CenId));
        control.MapPost("/faults", context => ReadAsync<FaultOrder>(context, "A fault", AddFault));
        control.MapDelete("/faults", context => ClearAsync(context, faults.Clear));
        control.MapGet("/office-sites", context => WriteAsync(context, sites.Items, site => site.CenId));
        control.MapPost("/office-sites", context => ReadAsync<OfficeSiteOrder>(context, "An office site", PutSite));
    }

    private object AddFault(FaultOrder order)
    {
        if (order.Kind is null || !FaultKinds.TryGetValue(order.Kind, out var kind))
            throw new JsonException($"kind must be one of {string.Join(", ", FaultKinds.Keys)}.");
        if (order.Action is not null && !operations.Contains(order.Action))
            throw new JsonException($"action must be one of {string.Join(", ", operations)}, or left out.");
        if (order.Times < 1)
            throw new JsonException("times must be at least 1.");
        if (order.RetryAfterMs is not null && (order.RetryAfterMs < 0 || kind != FaultKind.Throttle))
            throw new JsonException("retryAfterMs must not be negative, and goes with throttle only.");

        faults.Add(new Fault(kind, order.Action, order.CenId, order.Times ?? 1, order.RetryAfterMs));
        return new { items = faults.Items };
    }

    private SimulatedOfficeSite PutSite(OfficeSiteOrder order)
    {
        var regionId = order.RegionId ?? throw new JsonException("regionId is required.");
        return sites.Change(regionId, order.OfficeSiteId, site =>
        {
            var attached = order.CenId switch
            {
                null => site,
                "" => site with { CenId = null, CenAttachStatus = null },
                _ => site.AttachedTo(order.CenId),
            };
            return attached with
            {
                Name = order.Name ?? attached.Name,
                CenAttachStatus = order.CenAttachStatus ?? attached.CenAttachStatus,
                CidrBlock = order.CidrBlock ?? attached.CidrBlock,
            };
        });
    }

    /// <param name="context">Its body is JSON, whatever its content type: curl -d says that it is a form.</param>
    /// <param name="what">What the body describes: <c>A fault</c>.</param>
    /// <param name="apply">Returns the response body; a JsonException or an ArgumentException says what is wrong.</param>
    private static async Task ReadAsync<T>(HttpContext context, string what, Func<T, object> apply)
    {
        object body;
        try
        {
            var order = await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted);
            body = apply(order ?? throw new JsonException($"{what} is a JSON object."));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            body = new { error = exception.Message };
        }
        await context.Response.WriteAsJsonAsync(body, Json, context.RequestAborted);
    }

    /// <summary>Writes the items for the CEN of <c>?cenId=</c>, or all without it.</summary>
    private static Task WriteAsync<T>(HttpContext context, IEnumerable<T> items, Func<T, string?> cenId)
    {
        if (context.Request.Query.TryGetValue("cenId", out var wanted))
            items = items.Where(item => wanted == cenId(item));
        return context.Response.WriteAsJsonAsync(new { items }, Json, context.RequestAborted);
    }

    private static Task ClearAsync(HttpContext context, Action clear)
    {
        clear();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary><c>{"kind":"throttle","retryAfterMs":1500,"times":2}</c></summary>
    private sealed record FaultOrder(string? Kind, string? Action, string? CenId, int? Times, int? RetryAfterMs);

    /// <summary>
    /// <c>{"regionId":"cn-hangzhou","officeSiteId":"…","cenId":"cen-…"}</c>. An existing one keeps what is left out; an
    /// empty <c>cenId</c> detaches it.
    /// </summary>
    private sealed record OfficeSiteOrder(
        string? RegionId,
        string? OfficeSiteId,
        string? Name,
        string? CenId,
        string? CenAttachStatus,
        string? CidrBlock);
}
