using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.Infra;

/// <summary>The resources that a deployment would create, as Bicep predicts them.</summary>
internal sealed record Snapshot(IReadOnlyList<DeployedResource> Resources)
{
    public static Snapshot Parse(string json) => new(
        [.. JsonElement.Parse(json).GetProperty("predictedResources").EnumerateArray()
            .Select(resource => new DeployedResource(resource))]);

    public IEnumerable<DeployedResource> OfType(string type) => Resources.Where(resource => resource.Type == type);

    public DeployedResource Single(string type) => Assert.Single(OfType(type));

    /// <summary>The app settings of the function app.</summary>
    public Dictionary<string, string> Settings() => Resources
        .Single(resource => resource.Id.EndsWith("/config/appsettings", StringComparison.Ordinal))
        .Json.GetProperty("properties").EnumerateObject()
        .ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);
}

/// <summary>A resource of a <see cref="Snapshot"/>.</summary>
internal sealed record DeployedResource(JsonElement Json)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public string Name => Json.GetProperty("name").GetString()!;

    public string Id => Json.GetProperty("id").GetString()!;

    /// <summary>The resource that an extension, such as a role assignment, belongs to.</summary>
    public string Scope => Id[..Id.LastIndexOf("/providers/", StringComparison.Ordinal)];

    /// <summary>The built-in role of a role assignment, as the portal names it.</summary>
    public string Role => this["properties.roleDefinitionId"]!.Split('/')[^1] switch
    {
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b" => "Storage Blob Data Owner",
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3" => "Storage Table Data Contributor",
        "b86a8fe4-44ce-4948-aee5-eccb2c155cd7" => "Key Vault Secrets Officer",
        "4633458b-17de-408a-b874-0445c86b69e6" => "Key Vault Secrets User",
        "3913510d-42f4-4e42-8a64-420c390055eb" => "Monitoring Metrics Publisher",
        var unknown => unknown,
    };

    /// <summary>A value by its path, such as <c>properties.subnets.0.name</c>; null if there is none.</summary>
    public string? this[string path] => path.Split('.').Aggregate(
        (JsonNode?)JsonObject.Create(Json),
        (node, name) => node switch
        {
            JsonArray items => items.ElementAtOrDefault(int.Parse(name, CultureInfo.InvariantCulture)),
            JsonObject parent => parent[name],
            _ => null,
        })?.GetValue<JsonElement>().ToString();
}

internal static class JsonElementExtensions
{
    /// <summary>All properties at all depths, including those of objects in arrays.</summary>
    public static IEnumerable<JsonProperty> Descendants(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            element.EnumerateObject().SelectMany(property => property.Value.Descendants().Prepend(property)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Descendants),
        _ => [],
    };
}
