using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A fault that a test injects into a request to the table.</summary>
public enum TableFault
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>The connection is closed before the table gets the request.</summary>
    Refuse,

    /// <summary>The table executes the request, and the connection is closed before the response.</summary>
    LoseResponse,

    /// <summary>The table gets the request when the test releases it.</summary>
    HoldRequest,

    /// <summary>The table executes the request, and the response arrives when the test releases it.</summary>
    HoldResponse,

    /// <summary>The response is 503.</summary>
    Unavailable,

    /// <summary>The response to a transaction is the one that Azure sends if the table does not exist.</summary>
    TableNotFound,
}

/// <summary>
/// A proxy in front of Azurite that injects faults into requests, and can set the clock of the table ahead.
/// </summary>
public sealed class FaultyTable : IAsyncDisposable
{
    /// <summary>The body of Azure's response to a transaction if the table does not exist.</summary>
    private static readonly string TableNotFoundBody = """
        --batchresponse_1
        Content-Type: multipart/mixed; boundary=changesetresponse_1

        --changesetresponse_1
        Content-Type: application/http
        Content-Transfer-Encoding: binary

        HTTP/1.1 404 Not Found
        X-Content-Type-Options: nosniff
        DataServiceVersion: 3.0;
        Content-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8

        {"odata.error":{"code":"TableNotFound",
        "message":{"lang":"en-US","value":"0:The table specified does not exist."}}}
        --changesetresponse_1--
        --batchresponse_1--

        """.ReplaceLineEndings("\r\n");

    private readonly WebApplication proxy;
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Task> requests = [];

    private FaultyTable(Uri table)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        proxy = builder.Build();
        proxy.Run(context =>
        {
            var forwarding = ForwardAsync(context, table);
            requests.Enqueue(forwarding);
            return forwarding;
        });
    }

    /// <summary>Decides the fault of a request, given its method, path and body.</summary>
    public Func<string, TableFault> Decide { get; set; } = _ => TableFault.None;

    /// <summary>How far the clock of the table is ahead of the machine's clock.</summary>
    public TimeSpan ClockAhead { get; set; }

    public string ConnectionString { get; private set; } = "";

    /// <param name="connectionString">The connection string of Azurite.</param>
    public static async Task<FaultyTable> StartAsync(string connectionString)
    {
        const string Endpoint = "TableEndpoint=";
        var start = connectionString.IndexOf(Endpoint, StringComparison.Ordinal) + Endpoint.Length;
        var table = new Uri(connectionString[start..connectionString.IndexOf(';', start)]);
        var faulty = new FaultyTable(new Uri(table.GetLeftPart(UriPartial.Authority)));
        await faulty.proxy.StartAsync(TestContext.Current.CancellationToken);
        faulty.ConnectionString = connectionString.Replace(
            table.GetLeftPart(UriPartial.Authority), faulty.proxy.Urls.First(), StringComparison.Ordinal);
        return faulty;
    }

    /// <summary>Injects faults, in this order, into the first transactions that contain a text.</summary>
    public void Fail(string containing, params TableFault[] faults)
    {
        var next = new ConcurrentQueue<TableFault>(faults);
        Decide = request => request.Contains("$batch", StringComparison.Ordinal)
            && request.Contains(containing, StringComparison.Ordinal)
            && next.TryDequeue(out var fault) ? fault : TableFault.None;
    }

    /// <summary>
    /// Releases all requests and responses that are held, and waits until the table has executed the requests.
    /// </summary>
    public async Task ReleaseAsync()
    {
        released.TrySetResult();
        try
        {
            await Task.WhenAll(requests).WithTimeoutAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client of the request has disconnected.
        }
    }

    public async ValueTask DisposeAsync()
    {
        released.TrySetResult();
        await proxy.DisposeAsync();
        client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, Uri table)
    {
        var request = context.Request;
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        request.Body = new MemoryStream(body.ToArray());
        var text = Encoding.UTF8.GetString(body.ToArray());
        var fault = Decide($"{request.Method} {request.Path}{request.QueryString}\n{text}");
        switch (fault)
        {
            case TableFault.Refuse:
                context.Abort();
                return;
            case TableFault.Unavailable:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case TableFault.TableNotFound:
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                context.Response.ContentType = "multipart/mixed; boundary=batchresponse_1";
                await context.Response.WriteAsync(TableNotFoundBody);
                return;
            case TableFault.HoldRequest:
                await released.Task;
                break;
        }

        // Read the whole response from Azurite, so that the table has certainly executed the request.
        var url = new Uri(table, $"{request.Path}{request.QueryString}");
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), url)
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        foreach (var header in request.Headers.Where(
            header => header.Key is not ("Host" or "Transfer-Encoding" or "Connection")))
        {
            if (!forwarded.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
            {
                forwarded.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
            }
        }

        using var response = await client.SendAsync(forwarded, CancellationToken.None);
        var bytes = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
        if (fault == TableFault.LoseResponse)
        {
            context.Abort();
            return;
        }

        if (fault == TableFault.HoldResponse)
        {
            await released.Task;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key
                is not ("Transfer-Encoding" or "Connection" or "Keep-Alive" or "Content-Length")))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        var date = TimeProvider.System.GetUtcNow() + ClockAhead;
        context.Response.Headers.Date = date.ToString("R", CultureInfo.InvariantCulture);
        if (bytes.Length > 0)
        {
            await context.Response.Body.WriteAsync(bytes, CancellationToken.None);
        }
    }
}
