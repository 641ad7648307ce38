namespace EdsFunctions.Tests.Infra;

/// <summary>A compiled template, with the templates of its modules at all depths.</summary>
internal sealed record Template(JsonElement Root)
{
    public static Template Read(string json) => new(JsonDocument.Parse(json).RootElement);

    /// <summary>This one first.</summary>
    public IEnumerable<Template> AndModules() =>
        [this, .. Resources().Where(resource => Text(resource, "type") == "Microsoft.Resources/deployments")
            .SelectMany(module => new Template(module.GetProperty("properties").GetProperty("template")).AndModules())];

    public IEnumerable<JsonProperty> Parameters => Members("parameters");

    public IEnumerable<JsonProperty> Outputs => Members("outputs");

    /// <summary>All texts, the names of properties and the modules' too.</summary>
    public IEnumerable<string> Texts() => Texts(Root);

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value).Prepend(property.Name)),
        _ => [],
    };

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>With symbolic names they are an object, without them an array.</summary>
    private IEnumerable<JsonElement> Resources() => Root.GetProperty("resources") is { ValueKind: JsonValueKind.Object } named
        ? named.EnumerateObject().Select(resource => resource.Value)
        : Root.GetProperty("resources").EnumerateArray();

    private IEnumerable<JsonProperty> Members(string name) =>
        Root.TryGetProperty(name, out var members) ? members.EnumerateObject() : Enumerable.Empty<JsonProperty>();
}
