using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Build().Run();

namespace EdsFunctions.EmptyApp
{
    /// <summary>The least that a Functions app can do, for the comparison of WorkerStartTests.</summary>
    public static class EmptyTriggers
    {
        [Function(nameof(Health))]
        public static IResult Health(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) => Results.Ok();
    }
}
