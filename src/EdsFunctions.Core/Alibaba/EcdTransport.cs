using System.Net;
using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Alibaba;

/// <summary>Signs and sends a request to Alibaba's gateway, once.</summary>
public sealed class EcdTransport(
    IHttpMessageHandlerFactory handlers, IOptions<AlibabaOptions> options, IWebProxy proxies, TimeProvider time)
{
    /// <summary>The name of the handler in the <see cref="IHttpMessageHandlerFactory"/>.</summary>
    public const string HttpClientName = "ecd";

    private static readonly string UserAgent =
        $"EdsFunctions/{typeof(EcdTransport).Assembly.GetName().Version!.ToString(3)}";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private const string ApiVersion = "2020-09-30";

    /// <summary>
    /// Sends a request to Alibaba, with a new nonce. Returns a failure instead of throwing an exception.
    /// </summary>
    internal async Task<EcdOutcome<T>> SendOnceAsync<T>(
        EcdOperation<T> operation, AlibabaCredentials credentials, CancellationToken cancellationToken)
        where T : EcdResponse
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var caller = cancellationToken.UnsafeRegister(
            static timeout => ((CancellationTokenSource)timeout!).Cancel(), timeout);
        var content = new SingleUseContent();
        try
        {
            // HttpMessageInvoker instead of HttpClient, which would add a timeout and headers of its own.
            using var http = new HttpMessageInvoker(handlers.CreateHandler(HttpClientName), disposeHandler: false);
            using var request = SignedRequest(
                operation.Name, operation.RegionId, operation.CreateParameters(), credentials, content);
            using var response = await http.SendAsync(request, timeout.Token);
            return await ReadAsync(operation, response, timeout.Token);
        }
        catch (Exception e)
        {
            var proxy = proxies.Describe(GetEndpoint(operation.RegionId));
            return ToFailure(e, content.MayHaveBeenSent, proxy, cancellationToken, timeout.Token);
        }
    }

    /// <summary>
    /// Converts an exception of an attempt to a failure. Leaves out the message of the exception, which may quote the
    /// request.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <param name="mayHaveBeenSent">Whether the request may have reached Alibaba.</param>
    /// <param name="proxy">The proxy of the attempt, in words; null if there was none.</param>
    /// <param name="call">Cancelled if the caller cancelled the call, or the call's budget is used up.</param>
    /// <param name="timeout">Cancelled if the attempt timed out.</param>
    internal EcdFailure ToFailure(
        Exception exception,
        bool mayHaveBeenSent,
        string? proxy,
        CancellationToken call,
        CancellationToken timeout = default)
    {
        var reason = exception switch
        {
            // The credential source has already logged the reason, so this text does not repeat it.
            CredentialsUnavailableException => "the app has no Alibaba access key",
            OperationCanceledException when call.IsCancellationRequested => mayHaveBeenSent
                ? "the call was cancelled before Alibaba responded"
                : "the call was cancelled before the request was sent",
            OperationCanceledException when timeout.IsCancellationRequested => string.Create(
                CultureInfo.InvariantCulture, $"Alibaba did not respond within {options.Value.Timeout.TotalSeconds} s"),
            OperationCanceledException => $"the connection to {proxy ?? "Alibaba"} timed out",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => proxy is null
                ? "Alibaba's host name could not be resolved"
                : $"the host name of {proxy} could not be resolved",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                "the TLS connection to Alibaba failed",
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
                $"{proxy ?? "the proxy"} refused the connection to Alibaba",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                $"the connection to {proxy ?? "Alibaba"} failed",
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                "Alibaba's response is too large",
            HttpRequestException or IOException => "the connection to Alibaba was lost",
            _ => $"the call failed ({exception.GetType().Name})",
        };
        return mayHaveBeenSent ? new EcdFailure.Unknown(reason) : new EcdFailure.NotSent(reason);
    }

    private Uri GetEndpoint(string regionId) =>
        options.Value.EndpointOverride ?? new Uri($"https://ecd.{regionId}.aliyuncs.com");

    private HttpRequestMessage SignedRequest(
        string action, string regionId, Acs3Parameter[] parameters, AlibabaCredentials credentials, HttpContent content)
    {
        var endpoint = GetEndpoint(regionId);
        var host = endpoint.Authority;
        var date = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        Acs3Parameter[] headers =
        [
            new("host", host),
            new("x-acs-action", action),
            new("x-acs-content-sha256", Acs3Signer.EmptyBodySha256),
            new("x-acs-date", date),
            new("x-acs-signature-nonce", Guid.NewGuid().ToString("N")),
            new("x-acs-version", ApiVersion),
        ];
        if (credentials.SecurityToken is { } token)
        {
            headers =
            [
                .. headers,
                new("x-acs-accesskey-id", credentials.AccessKeyId),
                new("x-acs-security-token", token.Reveal()),
            ];
        }

        var signature = Acs3Signer.Sign(parameters, headers, credentials);

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(
            $"{endpoint.Scheme}://{host}/?{signature.Query}",
            // The class Uri must not rewrite the percent-escapes of the query, because the signature covers the query
            // as it is sent.
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = content,
        };
        foreach (var header in headers.Where(header => header.Name != "host"))
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", signature.Authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        return request;
    }

    private static async Task<EcdOutcome<T>> ReadAsync<T>(
        EcdOperation<T> operation, HttpResponseMessage response, CancellationToken cancellationToken)
        where T : EcdResponse
    {
        await response.Content.LoadIntoBufferAsync(operation.MaxResponseBytes, cancellationToken);
        return EcdResponseParser.Parse(
            operation,
            (int)response.StatusCode,
            response.Headers.TryGetValues("x-acs-retry-after", out var values) ? values.FirstOrDefault() : null,
            await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>
    /// Creates the HTTP handler for Alibaba. The handler follows no redirects, keeps no cookies and adds no trace
    /// headers.
    /// </summary>
    internal static SocketsHttpHandler CreateHandler(AlibabaOptions options, IWebProxy proxies) => new()
    {
        // Call a simulator on this machine without a proxy, because the proxy cannot reach this machine's loopback
        // address.
        UseProxy = options.EndpointOverride is not { IsLoopback: true },
        Proxy = proxies,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Close idle connections early: if the gateway closes one while the app sends a request on it, the outcome is
        // unknown.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    };
}
