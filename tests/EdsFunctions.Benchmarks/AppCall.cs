using System.Globalization;
using System.Net;
using System.Text;

namespace EdsFunctions.Benchmarks;

/// <summary>A whole <c>POST verifications</c>, each for another CEN, so that each creates a verification.</summary>
internal sealed class AppCall(Uri url) : ICall
{
    private readonly HttpMessageInvoker invoker = BareCall.CreateInvoker();
    private readonly Uri verifications = new(url, "api/verifications");

    /// <summary>Two runs against one app must not send the same requests.</summary>
    private readonly string run = Guid.NewGuid().ToString("N")[..12];

    public async Task CallAsync(int number)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"regionId":"cn-hangzhou","cenId":"cen-{{run}}{{number}}","cenOwnerId":1234567890123456}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, verifications)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"The app returned {(int)response.StatusCode}.");
        }
    }

    public void Dispose() => invoker.Dispose();
}
