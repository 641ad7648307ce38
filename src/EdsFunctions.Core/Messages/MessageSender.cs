using System.Net;
using System.Net.Http.Headers;
using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Messages;

/// <summary>
/// Sends messages to chats and report channels over HTTP, with a time limit, and a limit for the size of the response.
/// </summary>
public sealed class MessageSender(IHttpClientFactory http, IWebProxy proxies, TimeProvider time)
{
    /// <summary>The name of the HTTP client in the <see cref="IHttpClientFactory"/>.</summary>
    public const string HttpClientName = "messages";

    /// <summary>
    /// The time limit of one request, so that a slow receiver cannot delay the report of the other channels.
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const int MaxResponse = 64 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sends a request.</summary>
    /// <param name="create">Creates the request.</param>
    /// <param name="getRejection">
    /// Returns the reason why the receiver rejected the message, from the body of a response with a successful status;
    /// null if the receiver accepted it. Without this function, the body is not read.
    /// </param>
    /// <param name="cancellationToken">Cancels the request. Only then does the method throw an exception.</param>
    /// <returns>
    /// The reason why the receiver did not accept the message, without an address, a secret or text from the receiver;
    /// null if the receiver accepted the message.
    /// </returns>
    public async Task<string?> SendAsync(
        Func<HttpRequestMessage> create,
        Func<ReadOnlySpan<byte>, string?>? getRejection,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        Uri? url = null;
        try
        {
            using var client = http.CreateClient(HttpClientName);
            using var request = create();
            url = request.RequestUri;
            using var response = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return !response.IsSuccessStatusCode
                ? string.Create(CultureInfo.InvariantCulture, $"the response was HTTP {(int)response.StatusCode}")
                : getRejection is null ? null : getRejection((await ReadStartAsync(response, linked.Token)).Span);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var proxy = url is null ? null : proxies.Describe(url);
            return e switch
            {
                OperationCanceledException when timeout.IsCancellationRequested =>
                    string.Create(CultureInfo.InvariantCulture, $"no response within {Timeout.TotalSeconds} s"),
                OperationCanceledException => proxy is null
                    ? "the connection timed out"
                    : $"the connection to {proxy} timed out",
                HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => proxy is null
                    ? "the host name was not found"
                    : $"the host name of {proxy} was not found",
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                    "the TLS handshake failed",
                HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
                    $"{proxy ?? "the proxy"} refused the connection",
                HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => proxy is null
                    ? "the connection failed"
                    : $"the connection to {proxy} failed",
                HttpRequestException or IOException => "the connection was lost",
                // Return only the type of any other exception, because its message may contain the address, which is a
                // secret.
                _ => $"the call failed ({e.GetType().Name})",
            };
        }
    }

    /// <summary>Configures the HTTP client.</summary>
    internal static void Configure(HttpClient client)
    {
        // SendAsync applies the time limit itself, with the injected clock, which a test can control.
        client.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        client.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("EdsFunctions", typeof(MessageSender).Assembly.GetName().Version!.ToString(3)));
    }

    /// <summary>
    /// Creates the HTTP handler for messages. The handler follows no redirects, keeps no cookies and adds no trace
    /// headers.
    /// </summary>
    internal static SocketsHttpHandler CreateHandler(IWebProxy proxies) => new()
    {
        Proxy = proxies,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Shorter than the time between two reports, so that a report uses a new connection: the receiver may close an
        // idle one just when the app reuses it.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    };

    private static async Task<ReadOnlyMemory<byte>> ReadStartAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxResponse];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsMemory(0, length);
    }
}
