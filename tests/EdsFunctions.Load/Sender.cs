using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace EdsFunctions.Load;

/// <summary>Sends requests for codes concurrently. Each request is sent once, and is for another owner.</summary>
/// <param name="devHost">The address of DevHost.</param>
/// <param name="series">A prefix of the CEN ids, in lower-case letters, that no other sender uses.</param>
/// <param name="concurrency">The number of concurrent requests.</param>
internal sealed class Sender(Uri devHost, string series, int concurrency) : IDisposable
{
    private const long FirstOwner = 1_000_000_000_000_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    // The handler repeats requests without a body if a connection is stale. These requests have a body, so it does not
    // repeat them.
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler());
    private readonly ConcurrentQueue<Attempt> attempts = new();

    private int started;

    /// <summary>The number of completed requests, with or without a response.</summary>
    public int Completed => attempts.Count;

    /// <summary>Sends a number of requests. Without a number, sends requests until DevHost no longer listens.</summary>
    public async Task<IReadOnlyList<Attempt>> SendAsync(int count = int.MaxValue)
    {
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => SendInTurnAsync(count))));
        return [.. attempts];
    }

    public void Dispose() => http.Dispose();

    private async Task SendInTurnAsync(int count)
    {
        var listens = true;
        while (listens && Interlocked.Increment(ref started) is var number && number <= count)
        {
            var cenId = $"cen-{series}{number:d8}";
            var startedAt = TimeProvider.System.GetTimestamp();
            TimeSpan Elapsed() => TimeProvider.System.GetElapsedTime(startedAt);
            try
            {
                var (status, id, requestId) = await PostAsync(cenId, FirstOwner + number);
                attempts.Enqueue(new Attempt(cenId, Elapsed(), status, id, requestId));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                listens = e.InnerException is not SocketException { SocketErrorCode: SocketError.ConnectionRefused };
                var failure = listens ? e.GetBaseException().Message : "connection refused";
                attempts.Enqueue(new Attempt(cenId, Elapsed(), Status: null, Failure: failure));
            }
        }
    }

    private async Task<(int Status, Guid? Id, string? RequestId)> PostAsync(string cenId, long owner)
    {
        using var timeout = new CancellationTokenSource(Timeout, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(devHost, "api/verifications"))
        {
            Content = new StringContent(
                $$"""{"regionId":"cn-hangzhou","cenId":"{{cenId}}","cenOwnerId":{{owner}}}""",
                Encoding.UTF8,
                "application/json"),
        };
        using var response = await http.SendAsync(request, timeout.Token);
        var body = await response.Content.ReadAsStringAsync(timeout.Token);
        if ((int)response.StatusCode != Attempt.Created)
        {
            return ((int)response.StatusCode, null, null);
        }

        var json = JsonElement.Parse(body);
        return (Attempt.Created, json.GetProperty("id").GetGuid(), json.GetProperty("requestId").GetString());
    }
}
