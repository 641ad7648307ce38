using System.Globalization;
using System.Net;
using System.Text;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>A whole <c>POST verifications</c>, each for a CEN of its own, so that each is a new verification.</summary>
internal sealed class AppCall(Uri baseUrl) : IMacroCall
{
    /// <summary>Two runs against one app must not ask for the same.</summary>
    private readonly string run = Guid.NewGuid().ToString("N")[..12];

    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });

    private readonly Uri route = new(baseUrl, "/api/verifications");

    public async Task CallAsync(int number)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"regionId":"cn-hangzhou","cenId":"cen-{{run}}{{number}}","cenOwnerId":1234567890123456,"requestedBy":"benchmark"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"A request was answered {(int)response.StatusCode}.");
        }
    }

    public void Dispose() => invoker.Dispose();
}
