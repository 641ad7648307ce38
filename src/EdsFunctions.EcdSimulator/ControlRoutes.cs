namespace EdsFunctions.EcdSimulator;

/// <summary>
/// The simulator's own routes: they show its requests and e-mails, add faults, and change office networks as an
/// administrator would do it.
/// </summary>
internal sealed class ControlRoutes(
    Outbox outbox,
    RecentItems<LoggedRequest> requests,
    ScheduledFaults faults,
    OfficeSites sites,
    IEnumerable<string> operations)
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
        control.MapPost("/faults", context => ReadAsync<FaultBody>(context, AddFault));
        control.MapDelete("/faults", context => ClearAsync(context, faults.Clear));
        control.MapGet("/office-sites", context => WriteAsync(context, sites.Items, site => site.CenId));
        control.MapPost("/office-sites", context => ReadAsync<OfficeSiteBody>(context, PutSite));
    }

    private object AddFault(FaultBody fields)
    {
        if (fields.Kind is null || !FaultKinds.TryGetValue(fields.Kind, out var kind))
            throw new JsonException($"kind must be one of {string.Join(", ", FaultKinds.Keys)}.");
        if (fields.Action is not null && !operations.Contains(fields.Action))
            throw new JsonException($"action must be one of {string.Join(", ", operations)}, or omitted.");
        if (fields.Times < 1)
            throw new JsonException("times must be at least 1.");
        if (fields.RetryAfterMs is not null && (fields.RetryAfterMs < 0 || kind != FaultKind.Throttle))
            throw new JsonException("retryAfterMs must be at least 0 and requires the kind throttle.");

        faults.Add(new Fault(kind, fields.Action, fields.CenId, fields.Times ?? 1, fields.RetryAfterMs));
        return new { items = faults.Items };
    }

    private SimulatedOfficeSite PutSite(OfficeSiteBody fields)
    {
        var regionId = fields.RegionId ?? throw new JsonException("regionId is required.");
        return sites.Change(regionId, fields.OfficeSiteId, site =>
        {
            var attached = fields.CenId switch
            {
                null => site,
                "" => site with { CenId = null, CenAttachStatus = null },
                _ => site.AttachedTo(fields.CenId),
            };
            return attached with
            {
                Name = fields.Name ?? attached.Name,
                CenAttachStatus = fields.CenAttachStatus ?? attached.CenAttachStatus,
                CidrBlock = fields.CidrBlock ?? attached.CidrBlock,
            };
        });
    }

    /// <param name="context">
    /// A request with a JSON body. The content type is ignored, because <c>curl -d</c> declares a form.
    /// </param>
    /// <param name="apply">
    /// Handles the request, and returns the body of the response. Throws a JsonException or an ArgumentException if the
    /// request is invalid.
    /// </param>
    private static async Task ReadAsync<T>(HttpContext context, Func<T, object> apply)
    {
        object body;
        try
        {
            var fields = await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted);
            body = apply(fields ?? throw new JsonException("The body must be a JSON object."));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            body = new { error = exception.Message };
        }
        await context.Response.WriteAsJsonAsync(body, Json, context.RequestAborted);
    }

    /// <summary>Writes all items as JSON, or those of the CEN in <c>?cenId=</c>.</summary>
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

    /// <summary>A request to add a fault: <c>{"kind":"throttle","retryAfterMs":1500,"times":2}</c></summary>
    private sealed record FaultBody(string? Kind, string? Action, string? CenId, int? Times, int? RetryAfterMs);

    /// <summary>
    /// A request to add or change an office network:
    /// <c>{"regionId":"cn-hangzhou","officeSiteId":"…","cenId":"cen-…"}</c>. If a field is left out, an existing office
    /// network keeps its value. An empty <c>cenId</c> detaches the CEN.
    /// </summary>
    private sealed record OfficeSiteBody(
        string? RegionId,
        string? OfficeSiteId,
        string? Name,
        string? CenId,
        string? CenAttachStatus,
        string? CidrBlock);
}
