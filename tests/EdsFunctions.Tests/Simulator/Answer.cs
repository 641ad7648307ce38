namespace EdsFunctions.Tests.Simulator;

/// <summary>What came back over the wire.</summary>
internal sealed record Answer(int Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string? Code => Text("Code");

    public string? Text(string property) => Json.GetProperty(property).GetString();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(cancellationToken),
        response.Content.Headers.ContentType?.ToString(),
        response.Headers.ToDictionary(header => header.Key, header => header.Value.Single(), StringComparer.OrdinalIgnoreCase));

    public void ShouldBeError(int status, string code)
    {
        Assert.Equal(code, Code);
        Assert.Equal(status, Status);
        Assert.Equal("application/json;charset=utf-8", ContentType?.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(Headers["x-acs-request-id"], Text("RequestId"));
        Assert.NotEmpty(Text("HostId")!);
        Assert.NotEmpty(Text("Message")!);
        Assert.NotEmpty(Text("Recommend")!);
    }
}
