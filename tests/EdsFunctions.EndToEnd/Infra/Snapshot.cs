namespace EdsFunctions.Tests.Infra;

/// <summary>The resources that a deployment would create.</summary>
internal sealed record Snapshot(IReadOnlyList<DeployedResource> Resources)
{
    public static Snapshot Parse(string json) => new(
        [.. JsonElement.Parse(json).GetProperty("predictedResources").EnumerateArray()
            .Select(resource => new DeployedResource(resource))]);

    public IEnumerable<DeployedResource> Of(string type) => Resources.Where(resource => resource.Type == type);

    public DeployedResource Single(string type) => Assert.Single(Of(type));

    /// <summary>The app's settings.</summary>
    public Dictionary<string, string> Settings() => Resources
        .Single(resource => resource.Id.EndsWith("/config/appsettings", StringComparison.Ordinal))
        .Json.GetProperty("properties").EnumerateObject()
        .ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);
}

/// <summary>One resource of a <see cref="Snapshot"/>.</summary>
internal sealed record DeployedResource(JsonElement Json)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public string Name => Json.GetProperty("name").GetString()!;

    public string Id => Json.GetProperty("id").GetString()!;

    /// <summary>The resource that an extension, such as a role assignment, belongs to.</summary>
    public string Scope => Id[..Id.LastIndexOf("/providers/", StringComparison.Ordinal)];

    /// <summary>A value by its path, such as <c>properties.subnets.0.name</c>; null if there is none.</summary>
    public string? this[string path] => path.Split('.').Aggregate((JsonElement?)Json, Step) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { } value => value.ToString(),
    };

    private static JsonElement? Step(JsonElement? element, string name) => element switch
    {
        { ValueKind: JsonValueKind.Object } parent when parent.TryGetProperty(name, out var value) => value,
        { ValueKind: JsonValueKind.Array } items => ItemAt(items, int.Parse(name, CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static JsonElement? ItemAt(JsonElement items, int index) => index < items.GetArrayLength() ? items[index] : null;
}

internal static class JsonElementExtensions
{
    /// <summary>All properties at all depths, those of objects in arrays included.</summary>
    public static IEnumerable<JsonProperty> Descendants(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            element.EnumerateObject().SelectMany(property => property.Value.Descendants().Prepend(property)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Descendants),
        _ => [],
    };
}
