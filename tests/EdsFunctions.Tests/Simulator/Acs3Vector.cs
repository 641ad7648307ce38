namespace EdsFunctions.Tests.Simulator;

/// <summary>A published signature, from Vectors/acs3.json; POST with an empty body in all of them.</summary>
public sealed record Acs3Vector(
    string Name,
    string Host,
    string AccessKeyId,
    string AccessKeySecret,
    string? SecurityToken,
    string Action,
    string Version,
    string Date,
    string Nonce,
    Dictionary<string, string> ExtraSignedHeaders,
    Dictionary<string, string> Query,
    string Authorization)
{
    public static IReadOnlyDictionary<string, Acs3Vector> All { get; } = Load();

    public static TheoryData<string> Names => [.. All.Keys];

    public DateTimeOffset When => DateTimeOffset.Parse(Date, CultureInfo.InvariantCulture);

    /// <summary>The call as its sender would have made it, the signature being the published one.</summary>
    internal Call ToCall() => new()
    {
        Host = Host,
        AccessKeyId = AccessKeyId,
        AccessKeySecret = AccessKeySecret,
        SecurityToken = SecurityToken,
        Action = Action,
        Version = Version,
        Date = Date,
        Nonce = Nonce,
        ExtraHeaders = ExtraSignedHeaders,
        Parameters = Query,
    };

    private static Dictionary<string, Acs3Vector> Load()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "acs3.json"));
        return JsonSerializer.Deserialize<VectorFile>(file, JsonSerializerOptions.Web)!.Vectors.ToDictionary(vector => vector.Name);
    }

    private sealed record VectorFile(Acs3Vector[] Vectors);
}
