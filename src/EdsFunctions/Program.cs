using EdsFunctions.Core.Hosting;
using EdsFunctions.Core.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;

IHost host;
var builder = FunctionsApplication.CreateBuilder(args);
try
{
    builder.ConfigureFunctionsWebApplication();
    builder.Services.AddEdsFunctions();
    // With these defaults the host exports no logs and traces of the worker, so only if the worker has an exporter.
    builder.Services.AddEdsTelemetry(builder.Configuration)?.UseFunctionsWorkerDefaults();
    host = builder.Build();
}
catch (Exception e)
{
    return await StartUp.RefuseAsync(e);
}

// Elsewhere the app starts without its store: it responds with 503 until the store is available.
return await StartUp.RunAsync(
    host, starting: builder.Environment.IsDevelopment() ? () => StartUp.CheckStoreAsync(host.Services) : null);
