using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Build().Run();

namespace EdsFunctions.EmptyApp
{
    /// <summary>
    /// A Functions app that does almost nothing. WorkerStartTests compares the start of the real app with the start of
    /// this app.
    /// </summary>
    public static class EmptyTriggers
    {
        [Function(nameof(Health))]
        public static IResult Health(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) => Results.Ok();
    }
}
