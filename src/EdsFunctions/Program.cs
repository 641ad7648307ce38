using EdsFunctions.Core.Hosting;
using EdsFunctions.Core.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddEdsFunctions();
// With these defaults the host leaves logs and traces to the worker, so only where the worker has somewhere to send them.
builder.Services.AddEdsTelemetry(builder.Configuration)?.UseFunctionsWorkerDefaults();
return await StartUp.RunAsync(builder.Build());
