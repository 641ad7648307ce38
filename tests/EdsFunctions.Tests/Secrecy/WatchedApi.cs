using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>A caller of the app that keeps every response.</summary>
internal sealed class WatchedApi(ApiClient api, Evidence evidence)
{
    public Uri BaseUrl => api.BaseUrl;

    public async Task<ApiResponse> SendAsync(VerificationBuilder verification, string? idempotencyKey = null) =>
        Keep(await api.SendAsync(verification, idempotencyKey));

    public async Task<ApiResponse> PostAsync(
        string path, string? body, string? contentType = "application/json", string? idempotencyKey = null) =>
        Keep(await api.PostAsync(path, body, contentType, idempotencyKey));

    public async Task<ApiResponse> GetAsync(string path) => Keep(await api.GetAsync(path));

    public async Task<ApiResponse> DeliverAsync(ChatRequest request, string path) => Keep(await request.SendAsync(BaseUrl, path));

    private ApiResponse Keep(ApiResponse response)
    {
        var headers = string.Join('\n', response.Headers.Select(header => $"{header.Key}: {header.Value}"));
        evidence.Add(
            Channel.Response, string.Create(CultureInfo.InvariantCulture, $"{response.Status} {headers}\n{response.Text}"));
        return response;
    }
}
