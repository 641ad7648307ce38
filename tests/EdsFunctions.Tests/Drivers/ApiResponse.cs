namespace EdsFunctions.Tests.Drivers;

/// <summary>A response of the app.</summary>
internal sealed record ApiResponse(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json { get; } = Parse(Text);

    public static async Task<ApiResponse> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(
                header => header.Key,
                header => string.Join(", ", header.Value),
                StringComparer.OrdinalIgnoreCase));

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>Finds a value in the body by its path, such as <c>items.0.state</c>; null if there is none.</summary>
    public string? this[string path]
    {
        get
        {
            var element = Json;
            foreach (var part in path.Split('.'))
            {
                if (element.ValueKind == JsonValueKind.Array
                    && int.TryParse(part, out var index) && index < element.GetArrayLength())
                {
                    element = element[index];
                }
                else if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element))
                {
                    return null;
                }
            }

            return element.ValueKind is JsonValueKind.Null ? null : element.ToString();
        }
    }

    public Guid Id => Guid.Parse(
        this["id"] ?? this["verificationId"] ?? throw new InvalidOperationException($"No id in: {Text}"));

    public ApiResponse ShouldBe(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <param name="status">The HTTP status.</param>
    /// <param name="type">The type of the problem without its prefix.</param>
    /// <param name="field">A field for which the problem must have a validation error.</param>
    public ApiResponse ShouldBeProblem(int status, string type, string? field = null)
    {
        ShouldBe(status);
        Assert.Equal("application/problem+json; charset=utf-8", Header("Content-Type"));
        Assert.Equal($"{Problems.TypePrefix}{type}", this["type"]);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(this["title"]));
        if (field is not null)
        {
            Assert.True(Json.GetProperty("errors").TryGetProperty(field, out _), $"No error for {field} in: {Text}");
        }

        return this;
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
