using System.Net.Http.Headers;

namespace EdsFunctions.Core.Messages;

/// <summary>Sends what is said to where it goes, within a time, and reads of the answer no more than it needs.</summary>
public sealed class MessageSender(IHttpClientFactory http, TimeProvider time)
{
    /// <summary>The name of the HTTP client in the factory.</summary>
    public const string HttpClientName = "messages";

    /// <summary>How long one request may take: none may hold up a run of the report.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const int MaxResponse = 64 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sends a request.</summary>
    /// <param name="create">The request.</param>
    /// <param name="refusal">Why the answer, which HTTP calls successful, is none; null where it is not read.</param>
    /// <param name="cancellationToken">Gives up, and throws; nothing else does.</param>
    /// <returns>Why it was not accepted, without an address, a secret or a text of the receiver's; null where it was.</returns>
    public async Task<string?> SendAsync(
        Func<HttpRequestMessage> create, Func<ReadOnlySpan<byte>, string?>? refusal, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var client = http.CreateClient(HttpClientName);
            using var request = create();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return !response.IsSuccessStatusCode
                ? string.Create(CultureInfo.InvariantCulture, $"it answered HTTP {(int)response.StatusCode}")
                : refusal is null ? null : refusal((await BeginningAsync(response, linked.Token)).Span);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e switch
            {
                OperationCanceledException when timeout.IsCancellationRequested =>
                    string.Create(CultureInfo.InvariantCulture, $"it did not answer within {Timeout.TotalSeconds} s"),
                OperationCanceledException => "no connection in time",
                HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its host name was not found",
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection",
                HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
                HttpRequestException or IOException => "the connection broke",
                // The text of another one may repeat the address.
                _ => $"the call failed ({e.GetType().Name})",
            };
        }
    }

    /// <summary>Sets what every request has in common; called once, by the registration.</summary>
    internal static void Configure(HttpClient client)
    {
        // Each request has its own time limit, on the clock of the app.
        client.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        client.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("EdsFunctions", typeof(MessageSender).Assembly.GetName().Version!.ToString(3)));
    }

    /// <summary>A handler that follows nothing, keeps nothing, and adds nothing to what is sent.</summary>
    internal static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // From run to run no connection lasts; one that the receiver closes just as it is used again would cost a report.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    };

    private static async Task<ReadOnlyMemory<byte>> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxResponse];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsMemory(0, length);
    }
}
