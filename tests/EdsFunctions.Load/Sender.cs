using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace EdsFunctions.Load;

/// <summary>Asks for codes, so many at a time, each for a CEN that nobody has asked for. Sends no request twice.</summary>
/// <param name="devHost">Where to ask.</param>
/// <param name="series">Tells the CENs of this sender from those of another: lower-case letters.</param>
/// <param name="concurrency">How many at a time.</param>
internal sealed class Sender(Uri devHost, string series, int concurrency) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A handler repeats a request by itself where a kept connection turns out to be closed, but none that has a body.
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler());
    private readonly ConcurrentQueue<Attempt> attempts = new();
    private readonly Uri address = new(devHost, "api/verifications");

    private int begun;

    /// <summary>How many have ended, one way or the other.</summary>
    public int Ended => attempts.Count;

    /// <summary>Sends so many, or, without a number, until nobody listens any more.</summary>
    /// <returns>Every request, in the order in which they ended.</returns>
    public async Task<IReadOnlyCollection<Attempt>> SendAsync(int count = int.MaxValue)
    {
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => SendInTurnAsync(count))));
        return attempts;
    }

    public void Dispose() => http.Dispose();

    private async Task SendInTurnAsync(int count)
    {
        var listens = true;
        while (listens && Interlocked.Increment(ref begun) is var number && number <= count)
        {
            (var attempt, listens) = await SendOneAsync($"cen-{series}{number:d8}");
            attempts.Enqueue(attempt);
        }
    }

    private async Task<(Attempt Attempt, bool Listens)> SendOneAsync(string cenId)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        TimeSpan Elapsed() => TimeProvider.System.GetElapsedTime(startedAt);
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(
                $$"""{"regionId":"cn-hangzhou","cenId":"{{cenId}}","cenOwnerId":1234567890123456,"requestedBy":"load"}""",
                Encoding.UTF8,
                "application/json"),
        };
        try
        {
            using var response = await http.SendAsync(request, timeout.Token);
            var text = await response.Content.ReadAsStringAsync(timeout.Token);
            var status = (int)response.StatusCode;
            if (status != Attempt.Created)
            {
                return (new Attempt(cenId, Elapsed(), status), Listens: true);
            }

            using var json = JsonDocument.Parse(text);
            var id = json.RootElement.GetProperty("id").GetGuid();
            return (new Attempt(cenId, Elapsed(), status, id, json.RootElement.GetProperty("requestId").GetString()), Listens: true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            var refused = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return (new Attempt(cenId, Elapsed(), Status: null, Failure: refused ? "connection refused" : e.GetBaseException().Message), !refused);
        }
    }
}
