namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// A published signature from Vectors/acs3.json. The signed request is a POST to <c>/</c> with an empty body.
/// </summary>
internal sealed record SigningVector(
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
    string? CanonicalQuery,
    string? CanonicalRequest,
    string HashedCanonicalRequest,
    string Authorization)
{
    public static IReadOnlyDictionary<string, SigningVector> All { get; } = Load();

    public AlibabaCredentials Credentials => new(AccessKeyId, AccessKeySecret, SecurityToken);

    public Acs3Parameter[] Parameters() =>
        [.. Query.Select(parameter => new Acs3Parameter(parameter.Key, parameter.Value))];

    /// <summary>The headers that are signed, in no particular order.</summary>
    public Acs3Parameter[] Headers() =>
    [
        new("x-acs-version", Version),
        new("x-acs-signature-nonce", Nonce),
        .. SecurityToken is null ? Array.Empty<Acs3Parameter>() : [new("x-acs-security-token", SecurityToken)],
        new("x-acs-date", Date),
        new("x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        new("x-acs-action", Action),
        .. ExtraSignedHeaders.Select(header => new Acs3Parameter(header.Key, header.Value)),
        new("host", Host),
    ];

    private static Dictionary<string, SigningVector> Load()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "acs3.json"));
        var vectors = JsonSerializer.Deserialize<VectorFile>(file, JsonSerializerOptions.Web)!.Vectors;
        return vectors.ToDictionary(vector => vector.Name);
    }

    private sealed record VectorFile(SigningVector[] Vectors);
}
