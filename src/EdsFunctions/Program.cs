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
    // If the worker exports its own logs and traces, tell the Functions host not to export them too.
    builder.Services.AddEdsTelemetry(builder.Configuration)?.UseFunctionsWorkerDefaults();
    host = builder.Build();
}
catch (Exception e)
{
    return await StartUp.ReportFailureAsync(e);
}

// Outside Development, the app starts even if its store is unavailable, and responds with 503 until the store is
// available.
return await StartUp.RunAsync(
    host, starting: builder.Environment.IsDevelopment() ? () => StartUp.CheckStoreAsync(host.Services) : null);
