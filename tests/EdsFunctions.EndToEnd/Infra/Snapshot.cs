namespace EdsFunctions.Tests.Infra;

/// <summary>What a deployment would make.</summary>
internal sealed record Snapshot(IReadOnlyList<DeployedResource> Resources)
{
    public static Snapshot Read(string json) =>
        new([.. JsonDocument.Parse(json).RootElement.GetProperty("predictedResources").EnumerateArray().Select(one => new DeployedResource(one))]);

    public IEnumerable<DeployedResource> Of(string type) => Resources.Where(resource => resource.Type == type);

    public DeployedResource Single(string type) => Assert.Single(Of(type));

    /// <summary>The app's settings.</summary>
    public Dictionary<string, string> Settings() => Resources
        .Single(resource => resource.Type == "Microsoft.Web/sites/config" && resource.Id.EndsWith("/appsettings", StringComparison.Ordinal))
        .Json.GetProperty("properties").EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);
}

/// <summary>One resource of a <see cref="Snapshot"/>.</summary>
internal sealed record DeployedResource(JsonElement Json)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public string Name => Json.GetProperty("name").GetString()!;

    public string Id => Json.GetProperty("id").GetString()!;

    /// <summary>What it extends, where it does: a role or a log is always of something else.</summary>
    public string Scope => Id[..Id.LastIndexOf("/providers/", StringComparison.Ordinal)];

    /// <summary>A value of it, by the names that lead to it; null where there is none.</summary>
    public string? this[string path] => path.Split('.').Aggregate((JsonElement?)Json, Step) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Null } => null,
        { } value => value.ToString(),
    };

    public override string ToString() => $"{Type} {Name}";

    private static JsonElement? Step(JsonElement? at, string name) =>
        at is { ValueKind: JsonValueKind.Object } there && there.TryGetProperty(name, out var value) ? value : null;
}
