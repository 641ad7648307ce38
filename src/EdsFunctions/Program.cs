using EdsFunctions.Core.Hosting;
using EdsFunctions.Core.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddEdsFunctions();
// With these defaults the host exports no logs and traces of the worker, so only if the worker has an exporter.
builder.Services.AddEdsTelemetry(builder.Configuration)?.UseFunctionsWorkerDefaults();
return await StartUp.RunAsync(builder.Build());
