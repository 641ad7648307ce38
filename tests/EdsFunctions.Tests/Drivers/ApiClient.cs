using System.Net.Http.Headers;

namespace EdsFunctions.Tests.Drivers;

/// <summary>A client of the app's HTTP API.</summary>
/// <param name="baseUrl">Such as <c>http://127.0.0.1:7071</c>.</param>
/// <param name="functionsKey">The function key, if the host requires one.</param>
internal sealed class ApiClient(Uri baseUrl, string? functionsKey = null)
{
    public Uri BaseUrl => baseUrl;

    public Task<ApiResponse> SendAsync(VerificationBuilder verification, string? idempotencyKey = null) =>
        PostAsync("verifications", verification.Json(), idempotencyKey: idempotencyKey);

    public Task<ApiResponse> GetAsync(string path) => RequestAsync(HttpMethod.Get, path, null, null, null);

    public Task<ApiResponse> GetAsync(Guid id) => GetAsync($"verifications/{id}");

    public Task<ApiResponse> CompleteAsync(Guid id, string? body = null) =>
        PostAsync($"verifications/{id}/complete", body);

    public Task<ApiResponse> CancelAsync(Guid id, string? body = null) => PostAsync($"verifications/{id}/cancel", body);

    public Task<ApiResponse> PostAsync(
        string path, string? body, string? contentType = "application/json", string? idempotencyKey = null) =>
        RequestAsync(
            HttpMethod.Post, path, body is null ? null : Encoding.UTF8.GetBytes(body), contentType, idempotencyKey);

    public async Task<ApiResponse> RequestAsync(
        HttpMethod method, string path, byte[]? body, string? contentType, string? idempotencyKey)
    {
        using var request = Request(method, path, body, contentType, idempotencyKey);
        return await SendAsync(request);
    }

    /// <summary>Creates a request.</summary>
    public HttpRequestMessage Request(
        HttpMethod method, string path, byte[]? body, string? contentType, string? idempotencyKey)
    {
        var request = new HttpRequestMessage(method, new Uri(baseUrl, $"/api/{path}"));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null)
            {
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
            }
        }

        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return request;
    }

    public Task<ApiResponse> SendAsync(HttpRequestMessage request) => SendUntilAsync(request, CancellationToken.None);

    /// <param name="request">The request.</param>
    /// <param name="disconnect">
    /// When this token is cancelled, the client closes the connection without waiting for the response.
    /// </param>
    public async Task<ApiResponse> SendUntilAsync(HttpRequestMessage request, CancellationToken disconnect)
    {
        if (functionsKey is not null)
        {
            request.Headers.Add("x-functions-key", functionsKey);
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(
            disconnect,
            TestContext.Current.CancellationToken);
        using var response = await LoopbackHttp.SendAsync(request, both.Token).WithTimeoutAsync();
        return await ApiResponse.ReadAsync(response);
    }
}
