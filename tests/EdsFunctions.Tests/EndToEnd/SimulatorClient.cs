using System.Text;
using System.Text.Json;
using EdsFunctions.Tests.Infrastructure;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>The simulator as another process sees it.</summary>
internal sealed class SimulatorClient(Uri url)
{
    /// <summary>The e-mails for a CEN.</summary>
    public Task<JsonElement[]> MailsAsync(string cenId) => ItemsAsync($"_simulator/outbox?cenId={cenId}");

    /// <summary>The requests for a CEN that reached the gateway.</summary>
    public Task<JsonElement[]> RequestsAsync(string cenId) => ItemsAsync($"_simulator/requests?cenId={cenId}");

    /// <summary>The next requests for a CEN go wrong.</summary>
    public async Task BreakAsync(string cenId, string kind, int times = 1)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/_simulator/faults"))
        {
            Content = new StringContent(
                JsonSerializer.Serialize(new { action = "SendVerifyCode", kind, times, cenId }), Encoding.UTF8, "application/json"),
        };
        using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"The simulator refused the fault: {response.StatusCode}");
    }

    private async Task<JsonElement[]> ItemsAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, path));
        using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
    }
}
