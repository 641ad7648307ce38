namespace EdsFunctions.Core.Alibaba;

/// <summary>One request to Alibaba's gateway, from parameters to outcome; who may repeat it is decided above.</summary>
public sealed class EcdGateway(IHttpMessageHandlerFactory handlers, IOptions<AlibabaOptions> options, TimeProvider time)
{
    /// <summary>The name of the HTTP handler in the factory.</summary>
    public const string HttpClientName = "ecd";

    private static readonly string UserAgent = $"EdsFunctions/{typeof(EcdGateway).Assembly.GetName().Version!.ToString(3)}";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private const string ApiVersion = "2020-09-30";

    /// <summary>Signs the request with a new nonce and the present date, sends it once, and reads the answer. Throws nothing.</summary>
    internal async Task<EcdOutcome> SendOnceAsync(
        EcdOperation operation,
        string regionId,
        Acs3Parameter[] parameters,
        AlibabaCredentials credentials,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var given = cancellationToken.UnsafeRegister(static timeout => ((CancellationTokenSource)timeout!).Cancel(), timeout);
        var body = new EmptyBodySentOnce();
        try
        {
            // Not an HttpClient, which has a time limit of its own, headers to merge, and costs 6 µs a call.
            using var http = new HttpMessageInvoker(handlers.CreateHandler(HttpClientName), disposeHandler: false);
            using var request = SignedRequest(operation.Action, regionId, parameters, credentials, body);
            using var response = await http.SendAsync(request, timeout.Token);
            return await ReadAsync(operation, response, timeout.Token);
        }
        catch (Exception e)
        {
            var reason = e switch
            {
                OperationCanceledException when cancellationToken.IsCancellationRequested => "it was given up before Alibaba answered",
                OperationCanceledException when !timeout.IsCancellationRequested => "no connection to Alibaba in time",
                OperationCanceledException => string.Create(
                    CultureInfo.InvariantCulture, $"Alibaba did not answer within {options.Value.Timeout.TotalSeconds} s"),
                HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "Alibaba's host name was not found",
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection to Alibaba",
                HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection to Alibaba",
                HttpRequestException or IOException => "the connection to Alibaba broke",
                _ => $"the call failed ({e.GetType().Name})",
            };
            return body.MayHaveLeft ? new EcdOutcome.Unknown(reason) : new EcdOutcome.NotSent(reason);
        }
    }

    private HttpRequestMessage SignedRequest(
        string action, string regionId, Acs3Parameter[] parameters, AlibabaCredentials credentials, HttpContent body)
    {
        var origin = options.Value.EndpointOverride;
        var host = origin?.Authority ?? $"ecd.{regionId}.aliyuncs.com";
        var date = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        Span<Acs3Parameter> headers =
        [
            new("host", host),
            new("x-acs-action", action),
            new("x-acs-content-sha256", Acs3Signer.EmptyBodySha256),
            new("x-acs-date", date),
            new("x-acs-signature-nonce", Guid.NewGuid().ToString("N")),
            new("x-acs-version", ApiVersion),
            new("x-acs-accesskey-id", credentials.AccessKeyId),
            new("x-acs-security-token", credentials.SecurityToken?.Reveal() ?? ""),
        ];
        if (credentials.SecurityToken is null)
        {
            headers = headers[..^2];
        }

        var signature = Acs3Signer.Sign(parameters, headers, credentials);

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(
            $"{origin?.Scheme ?? Uri.UriSchemeHttps}://{host}/?{signature.Query}",
            // The query is signed as it stands: nobody may rewrite an escape.
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = body,
        };
        foreach (var header in headers)
        {
            if (header.Name != "host")
            {
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        request.Headers.TryAddWithoutValidation("Authorization", signature.Authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        return request;
    }

    private static async Task<EcdOutcome> ReadAsync(
        EcdOperation operation, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(response.Content.Headers.ContentLength ?? 4096, operation.MaxAnswer) + 1];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > operation.MaxAnswer)
            {
                return new EcdOutcome.Unknown("Alibaba's answer is too large to be one");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, operation.MaxAnswer + 1));
            }
        }

        return EcdAnswer.Read(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.TryGetValues("x-acs-retry-after", out var values) ? values.FirstOrDefault() : null,
            buffer.AsMemory(0, length),
            operation);
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
