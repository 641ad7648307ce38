namespace EdsFunctions.Tests.EndToEnd;

/// <summary>The simulator as another process sees it.</summary>
internal sealed class SimulatorClient(Uri url)
{
    /// <summary>The e-mails for a CEN.</summary>
    public Task<JsonElement[]> MailsAsync(string cenId) => ItemsAsync($"_simulator/outbox?cenId={cenId}");

    /// <summary>The requests for a CEN that reached the gateway.</summary>
    public Task<JsonElement[]> RequestsAsync(string cenId) => ItemsAsync($"_simulator/requests?cenId={cenId}");

    /// <summary>The next request for a CEN goes wrong.</summary>
    public async Task BreakAsync(string cenId, string kind) =>
        await OrderAsync("faults", new { action = "SendVerifyCode", kind, cenId });

    /// <summary>A new office network, attached to nothing.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> NewOfficeAsync(string regionId) =>
        (await OrderAsync("office-sites", new { regionId })).GetProperty("officeSiteId").GetString()!;

    /// <summary>The CEN that an office network is attached to.</summary>
    public async Task<string?> CenOfAsync(string officeSiteId) =>
        (await ItemsAsync("_simulator/office-sites")).Single(site => site.GetProperty("officeSiteId").GetString() == officeSiteId)
            .GetProperty("cenId").GetString();

    private async Task<JsonElement> OrderAsync(string what, object order)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, $"/_simulator/{what}"))
        {
            Content = new StringContent(JsonSerializer.Serialize(order), Encoding.UTF8, "application/json"),
        };
        using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"The simulator refused {what}: {response.StatusCode}");
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }

    private async Task<JsonElement[]> ItemsAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, path));
        using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
    }
}
