using System.Net.Http.Headers;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>The HTTP request by which a chat platform or a webhook sender makes a delivery.</summary>
internal sealed record ChatRequest(string ContentType, byte[] Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string Text => Encoding.UTF8.GetString(Body);

    public ChatRequest With(params (string Name, string Value)[] headers)
    {
        var all = new Dictionary<string, string>(Headers);
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }

        return this with { Headers = all };
    }

    public ChatRequest WithText(string text) => this with { Body = Encoding.UTF8.GetBytes(text) };

    public async Task<ApiResponse> SendAsync(Uri baseUrl, string route)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(baseUrl, $"/api/{route}"));
        request.Content = new ByteArrayContent(Body);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        foreach (var (name, value) in Headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);
        return await ApiResponse.ReadAsync(response);
    }
}
