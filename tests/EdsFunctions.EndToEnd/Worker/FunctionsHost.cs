using System.Diagnostics;
using System.Net.Sockets;
using EdsFunctions.Tests.EndToEnd.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Forwarder;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// A small Azure Functions host. Starts the app as a worker process, speaks the gRPC protocol of workers, checks
/// function keys, and forwards HTTP requests to the worker. The repositories azure-functions-host and
/// azure-functions-dotnet-worker define the protocol.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    /// <summary>The function keys that the host accepts.</summary>
    public const string Key = "a-function-key-of-the-tests";

    public const string OtherKey = "another-function-key-of-the-tests";

    private readonly StringBuilder output = new();
    private readonly HttpMessageInvoker forwarding =
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly WorkerChannel channel;
    private readonly List<RpcFunctionMetadata> functions = [];
    private readonly WebApplication grpc;
    private WebApplication? http;
    private Process? worker;
    private string workerAddress = "";

    private FunctionsHost()
    {
        channel = new WorkerChannel { Log = Write };
        grpc = CreateServer(HttpProtocols.Http2, services =>
        {
            services.AddGrpc();
            services.AddSingleton(channel);
        });
        grpc.MapGrpcService<WorkerChannel>();
    }

    /// <summary>The URL of the functions.</summary>
    public Uri Url => new(http!.Urls.First());

    /// <summary>The process of the worker.</summary>
    public Process Worker => worker!;

    /// <summary>When the process of the worker was started: a timestamp of <see cref="TimeProvider.System"/>.</summary>
    public long WorkerStarted { get; private set; }

    /// <summary>The output and the log of the worker.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <param name="settings">The app settings, which the worker gets as environment variables.</param>
    /// <param name="folder">
    /// The folder of the app, which becomes the worker's working directory; null for <see cref="AppPackage"/>.
    /// </param>
    /// <exception cref="InvalidOperationException">The worker exited or rejected a function.</exception>
    public static async Task<FunctionsHost> StartAsync(
        IReadOnlyDictionary<string, string?> settings, string? folder = null)
    {
        folder ??= AppPackage.Folder;
        var host = new FunctionsHost();
        try
        {
            await host.grpc.StartAsync(TestContext.Current.CancellationToken);
            host.StartWorker(folder, settings);
            await host.LoadFunctionsAsync(folder);
            await host.ServeAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the function with the timer trigger once.</summary>
    /// <exception cref="InvalidOperationException">The function failed.</exception>
    public async Task RunTimerAsync()
    {
        var function = functions.Single(function => Binding(function, "timerTrigger") is not null);
        var trigger = Binding(function, "timerTrigger")!.Value;
        var timer = new TypedData { Json = """{"Schedule":{"AdjustForDST":true},"IsPastDue":false}""" };
        Require(await InvokeAsync(Guid.NewGuid().ToString(), function, trigger, timer), function.Name);
    }

    /// <summary>Kills the worker, as in a crash.</summary>
    public async Task KillAsync()
    {
        worker!.Kill(entireProcessTree: true);
        await worker.WaitForExitAsync();
    }

    /// <summary>
    /// Stops the worker as the real host does. If the worker does not exit in time, kills the worker.
    /// </summary>
    public async Task StopAsync()
    {
        channel.Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });
        try
        {
            await worker!.WaitForExitAsync(TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>Sends SIGTERM to the worker, as the platform does when it stops an instance.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", worker!.Id.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>Waits until the worker exits.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await worker!.WaitForExitAsync(TestContext.Current.CancellationToken);
        return worker.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (worker is { HasExited: false })
        {
            await KillAsync();
        }

        worker?.Dispose();
        if (http is not null)
        {
            await http.DisposeAsync();
        }

        await grpc.DisposeAsync();
        forwarding.Dispose();
    }

    private static WebApplication CreateServer(HttpProtocols protocols, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        configure(builder.Services);
        return builder.Build();
    }

    private void StartWorker(string folder, IReadOnlyDictionary<string, string?> settings)
    {
        var address = new Uri(grpc.Urls.First());
        var id = Guid.NewGuid().ToString();
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "worker.config.json")));
        var assembly = Text(config.RootElement.GetProperty("description"), "defaultWorkerPath");
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(folder, assembly), "--functions-uri", address.ToString(),
            "--functions-worker-id", id,
            "--functions-request-id", id, "--functions-grpc-max-message-length", "2147483647",
        ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsAppSetting).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = folder;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        worker = new Process { StartInfo = start, EnableRaisingEvents = true };
        worker.OutputDataReceived += (_, line) => Write(line.Data);
        worker.ErrorDataReceived += (_, line) => Write(line.Data);
        worker.Exited += (_, _) => channel.Fail("The worker exited.");
        WorkerStarted = TimeProvider.System.GetTimestamp();
        worker.Start();
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
    }

    /// <summary>
    /// Whether an environment variable of the tests is an app setting, which the worker must not inherit.
    /// </summary>
    private static bool IsAppSetting(string name) =>
        name.StartsWith("ALIBABA_", StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.Contains("__", StringComparison.Ordinal);

    private async Task LoadFunctionsAsync(string folder)
    {
        try
        {
            await channel.Started.WithTimeoutAsync();
            var init = new WorkerInitRequest
            {
                HostVersion = "4.1044.0",
                WorkerDirectory = folder,
                FunctionAppDirectory = folder,
            };
            var ready = (await channel.RequestAsync(new() { WorkerInitRequest = init }).WithTimeoutAsync())
                .WorkerInitResponse;
            Require(ready.Result, "The worker");
            workerAddress = ready.Capabilities["HttpUri"].TrimEnd('/');
            var request = new FunctionsMetadataRequest { FunctionAppDirectory = folder };
            var indexed = (await channel.RequestAsync(new() { FunctionsMetadataRequest = request }).WithTimeoutAsync())
                .FunctionMetadataResponse;
            foreach (var metadata in indexed.FunctionMetadataResults)
            {
                foreach (var binding in Bindings(metadata))
                {
                    var direction = Text(binding, "direction") == "Out" ? 1 : 0;
                    metadata.Bindings[Text(binding, "name")] =
                        new BindingInfo { Type = Text(binding, "type"), Direction = direction };
                }

                functions.Add(metadata);
                var load = new FunctionLoadRequest { FunctionId = metadata.FunctionId, Metadata = metadata };
                var loaded = await channel.RequestAsync(new() { FunctionLoadRequest = load }).WithTimeoutAsync();
                Require(loaded.FunctionLoadResponse.Result, metadata.Name);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            throw new InvalidOperationException($"{e.Message}\n{Output}");
        }
    }

    private async Task ServeAsync()
    {
        http = CreateServer(HttpProtocols.Http1, services => services.AddHttpForwarder().AddRoutingCore());
        // Match routes as the real host does: in the alphabetical order of function names, not by precedence.
        foreach (var (index, function) in functions.OrderBy(function => function.Name, StringComparer.Ordinal).Index())
        {
            if (Binding(function, "httpTrigger") is { } trigger)
            {
                var methods = trigger.GetProperty("methods").EnumerateArray()
                    .Select(method => method.GetString()!.ToUpperInvariant());
                http.MapMethods(
                        $"/api/{Text(trigger, "route")}", methods, context => ForwardAsync(context, function, trigger))
                    .Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = index);
            }
        }

        await WorkerListensAsync().WithTimeoutAsync();
        await http.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Waits until the worker listens for HTTP. The worker may connect by gRPC before that, so the real host retries
    /// requests.
    /// </summary>
    private async Task WorkerListensAsync()
    {
        var address = new Uri(workerAddress);
        for (var listens = false; !listens;)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
                listens = true;
            }
            catch (SocketException)
            {
                await Task.Yield();
            }
        }
    }

    private async Task ForwardAsync(HttpContext context, RpcFunctionMetadata function, JsonElement trigger)
    {
        if (Text(trigger, "authLevel") != "Anonymous"
            && !IsKey(context.Request.Headers["x-functions-key"]) && !IsKey(context.Request.Query["code"]))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var id = Guid.NewGuid().ToString();
        await using var cancel = context.RequestAborted.Register(
            () => channel.Send(new() { InvocationCancel = new InvocationCancel { InvocationId = id } }));
        var invocation = InvokeAsync(id, function, trigger, new TypedData { Http = new RpcHttp() });
        await http!.Services.GetRequiredService<IHttpForwarder>().SendAsync(
            context, workerAddress, forwarding, ForwarderRequestConfig.Empty, (_, request) =>
            {
                request.Headers.Add("x-ms-invocation-id", id);
                return ValueTask.CompletedTask;
            });
        if (await invocation is { Exception.Message: var failure })
        {
            Write($"Invocation {id} failed: {failure}");
        }
    }

    private async Task<StatusResult> InvokeAsync(
        string id, RpcFunctionMetadata function, JsonElement trigger, TypedData data)
    {
        var request = new InvocationRequest
        {
            InvocationId = id,
            FunctionId = function.FunctionId,
            TraceContext = new RpcTraceContext(),
        };
        request.InputData.Add(new ParameterBinding { Name = Text(trigger, "name"), Data = data });
        return (await channel.RequestAsync(new() { InvocationRequest = request })).InvocationResponse.Result;
    }

    private static bool IsKey(string? key) => key is Key or OtherKey;

    private static JsonElement? Binding(RpcFunctionMetadata function, string type) =>
        Bindings(function).Where(binding => Text(binding, "type") == type).Cast<JsonElement?>().FirstOrDefault();

    private static IEnumerable<JsonElement> Bindings(RpcFunctionMetadata function) =>
        function.RawBindings.Select(binding => JsonSerializer.Deserialize<JsonElement>(binding));

    private static string Text(JsonElement binding, string name) => binding.GetProperty(name).GetString()!;

    private static void Require(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new InvalidOperationException($"{what} failed: {result.Exception?.Message}");
        }
    }

    private void Write(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
