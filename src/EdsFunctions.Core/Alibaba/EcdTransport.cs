namespace EdsFunctions.Core.Alibaba;

/// <summary>One request to Alibaba's gateway, from parameters to outcome; the caller decides whether to repeat it.</summary>
public sealed class EcdTransport(IHttpMessageHandlerFactory handlers, IOptions<AlibabaOptions> options, TimeProvider time)
{
    /// <summary>The name of the HTTP handler in the factory.</summary>
    public const string HttpClientName = "ecd";

    private static readonly string UserAgent = $"EdsFunctions/{typeof(EcdTransport).Assembly.GetName().Version!.ToString(3)}";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private const string ApiVersion = "2020-09-30";

    /// <summary>Signs the request with a new nonce and the present date, sends it once, and reads the response. Throws nothing.</summary>
    internal async Task<EcdOutcome<T>> SendOnceAsync<T>(
        EcdOperation<T> operation, AlibabaCredentials credentials, CancellationToken cancellationToken)
        where T : EcdResponse
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var given = cancellationToken.UnsafeRegister(static timeout => ((CancellationTokenSource)timeout!).Cancel(), timeout);
        var content = new SingleUseContent();
        try
        {
            // Not an HttpClient, which has a time limit of its own, headers to merge, and costs 6 µs a call.
            using var http = new HttpMessageInvoker(handlers.CreateHandler(HttpClientName), disposeHandler: false);
            using var request = SignedRequest(
                operation.Name, operation.RegionId, operation.CreateParameters(), credentials, content);
            using var response = await http.SendAsync(request, timeout.Token);
            return await ReadAsync(operation, response, timeout.Token);
        }
        catch (Exception e)
        {
            return ToFailure(e, content.MayHaveLeft, cancellationToken, timeout.Token);
        }
    }

    /// <summary>
    /// The failure of a call that an exception ended, and the only place that puts an exception into words: its message
    /// may quote the request, so it is not passed on.
    /// </summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="mayHaveLeft">Whether the request may have reached Alibaba.</param>
    /// <param name="givenUp">Cancelled if the caller gave up, or the budget of the call ended.</param>
    /// <param name="timeout">Cancelled if the time of the attempt ended.</param>
    internal EcdFailure ToFailure(
        Exception exception, bool mayHaveLeft, CancellationToken givenUp, CancellationToken timeout = default)
    {
        var reason = exception switch
        {
            // Why is in the log, for the operator; the caller need not know of the vault.
            CredentialsUnavailableException => "the app has no access key to sign with",
            OperationCanceledException when givenUp.IsCancellationRequested =>
                mayHaveLeft ? "it was given up before Alibaba answered" : "it was given up before it was sent",
            OperationCanceledException when timeout.IsCancellationRequested => string.Create(
                CultureInfo.InvariantCulture, $"Alibaba did not answer within {options.Value.Timeout.TotalSeconds} s"),
            OperationCanceledException => "no connection to Alibaba in time",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "Alibaba's host name was not found",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection to Alibaba",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection to Alibaba",
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                "Alibaba's answer is too large to be one",
            HttpRequestException or IOException => "the connection to Alibaba broke",
            _ => $"the call failed ({exception.GetType().Name})",
        };
        return mayHaveLeft ? new EcdFailure.Unknown(reason) : new EcdFailure.NotSent(reason);
    }

    private HttpRequestMessage SignedRequest(
        string action, string regionId, Acs3Parameter[] parameters, AlibabaCredentials credentials, HttpContent content)
    {
        var origin = options.Value.EndpointOverride;
        var host = origin?.Authority ?? $"ecd.{regionId}.aliyuncs.com";
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
            $"{origin?.Scheme ?? Uri.UriSchemeHttps}://{host}/?{signature.Query}",
            // The query is signed as it stands: nothing may rewrite an escape.
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

    /// <summary>A handler that follows nothing, keeps nothing, and adds nothing to what is sent.</summary>
    internal static SocketsHttpHandler CreateHandler(AlibabaOptions options) => new()
    {
        // A proxy of the system is for the way out, and an endpoint of our own is not there.
        UseProxy = options.EndpointOverride is null,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A connection that the gateway closes just as it is used again costs an unknown outcome, so idle ones are dropped early.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    };
}
