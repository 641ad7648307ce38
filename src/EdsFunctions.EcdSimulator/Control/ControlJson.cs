namespace EdsFunctions.EcdSimulator.Control;

/// <summary>How the endpoints under <c>/_simulator</c> read and write.</summary>
internal static class ControlJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <param name="context">Its body is an order, whatever its content type: curl -d says it is a form.</param>
    /// <param name="what">What an order is for, where there is none: <c>A fault</c>.</param>
    /// <param name="carryOut">Gives the answer; refuses with a JsonException or an ArgumentException that says why.</param>
    public static async Task OrderAsync<TOrder>(HttpContext context, string what, Func<TOrder, object> carryOut)
    {
        object answer;
        try
        {
            var order = await JsonSerializer.DeserializeAsync<TOrder>(context.Request.Body, Options, context.RequestAborted);
            answer = carryOut(order ?? throw new JsonException($"{what} is a JSON object."));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            answer = new { error = exception.Message };
        }
        await context.Response.WriteAsJsonAsync(answer, Options, context.RequestAborted);
    }

    public static Task WriteItemsAsync<T>(HttpContext context, IEnumerable<T> items) =>
        context.Response.WriteAsJsonAsync(new { items }, Options, context.RequestAborted);

    /// <summary>Whether <c>?cenId=</c> leaves it in.</summary>
    public static bool IsAskedFor(HttpContext context, string? cenId) =>
        !context.Request.Query.TryGetValue("cenId", out var wanted) || wanted == cenId;
}
