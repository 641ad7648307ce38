namespace EdsFunctions.Tests.EndToEnd;

/// <summary>Controls the simulator by HTTP.</summary>
internal sealed class SimulatorClient(Uri url)
{
    /// <summary>Lists the e-mails that the simulator sent for a CEN.</summary>
    public Task<JsonElement[]> MailsAsync(string cenId) => ItemsAsync($"_simulator/outbox?cenId={cenId}");

    /// <summary>Lists the requests for a CEN that the simulator received.</summary>
    public Task<JsonElement[]> RequestsAsync(string cenId) => ItemsAsync($"_simulator/requests?cenId={cenId}");

    /// <summary>Lets the next request for a CEN fail.</summary>
    public async Task AddFaultAsync(string cenId, string kind) =>
        await PostAsync("faults", new { action = "SendVerifyCode", kind, cenId });

    /// <summary>Creates an office network without a CEN.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateOfficeAsync(string regionId) =>
        (await PostAsync("office-sites", new { regionId })).GetProperty("officeSiteId").GetString()!;

    /// <summary>The CEN that an office network is attached to.</summary>
    public async Task<string?> GetAttachedCenAsync(string officeSiteId) =>
        (await ItemsAsync("_simulator/office-sites"))
            .Single(site => site.GetProperty("officeSiteId").GetString() == officeSiteId)
            .GetProperty("cenId").GetString();

    private async Task<JsonElement> PostAsync(string path, object value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, $"/_simulator/{path}"))
        {
            Content = new StringContent(JsonSerializer.Serialize(value), Encoding.UTF8, "application/json"),
        };
        using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"The simulator rejected {path}: {response.StatusCode}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    private async Task<JsonElement[]> ItemsAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, path));
        using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
    }
}
