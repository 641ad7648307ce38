namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>The parameters of a call, from the query and from a form; of a name given twice, the first counts.</summary>
internal sealed class EcdParameters
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public EcdParameters(RawRequest request)
    {
        foreach (var (name, value) in request.QueryPairs.Concat(request.FormPairs))
            values.TryAdd(name, value);
        CenId = Find("CenId") ?? CenIdIn(Find("ExtraInfo"));
    }

    /// <summary>The CEN the call is about, as far as it can be told without judging the call; null otherwise.</summary>
    public string? CenId { get; }

    public string? Find(string name) => values.GetValueOrDefault(name);

    /// <exception cref="EcdRefusal"><c>Missing…</c></exception>
    public string Require(string name) => Find(name) is { Length: > 0 } value ? value : throw EcdRefusal.Missing(name);

    private static string? CenIdIn(string? extraInfo)
    {
        if (extraInfo is null)
            return null;
        try
        {
            using var json = JsonDocument.Parse(extraInfo);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("cenId", out var cenId)
                && cenId.ValueKind == JsonValueKind.String ? cenId.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
