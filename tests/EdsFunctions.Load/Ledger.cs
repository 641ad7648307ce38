using System.Net;
using System.Text.Json;

namespace EdsFunctions.Load;

/// <summary>What the two sides have on record: the e-mails at the simulator, the verifications at DevHost.</summary>
internal sealed class Ledger(Uri simulator, Uri devHost) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler());

    public async Task<IReadOnlyList<Email>> EmailsAsync() =>
        (await GetAsync<Page<Email>>(new Uri(simulator, "_simulator/outbox"))).Items;

    /// <summary>Every verification, page by page.</summary>
    /// <param name="query">Which, such as <c>state=sending</c>.</param>
    public async Task<IReadOnlyList<OnRecord>> VerificationsAsync(string query = "")
    {
        var all = new List<OnRecord>();
        Page<OnRecord>? page = null;
        do
        {
            var after = page is null ? "" : $"&after={page.Next}";
            page = await GetAsync<Page<OnRecord>>(new Uri(devHost, $"api/verifications?limit=200{after}&{query}"));
            all.AddRange(page.Items);
        }
        while (page.Next is not null);

        return all;
    }

    public void Dispose() => http.Dispose();

    private async Task<T> GetAsync<T>(Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await http.SendAsync(request, CancellationToken.None);
        var text = await response.Content.ReadAsStringAsync();
        return response.StatusCode == HttpStatusCode.OK
            ? JsonSerializer.Deserialize<T>(text, Json)!
            : throw new InvalidOperationException($"GET {address} was answered {(int)response.StatusCode}: {text}");
    }

    private sealed record Page<T>(IReadOnlyList<T> Items, Guid? Next);
}
