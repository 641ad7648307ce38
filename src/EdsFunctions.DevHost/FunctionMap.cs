using System.Reflection;
using EdsFunctions.Core.Api;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions.DevHost;

/// <summary>Maps the HTTP triggers of the Functions app, so that both hosts serve the same functions on the same routes.</summary>
internal static class FunctionMap
{
    public static void MapFunctions(this IEndpointRouteBuilder app)
    {
        foreach (var method in typeof(HttpTriggers).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods()))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function
                && method.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>() is { } trigger)
            {
                Task<IResult> InvokeAsync(HttpRequest request) => (Task<IResult>)method.Invoke(
                    ActivatorUtilities.GetServiceOrCreateInstance(request.HttpContext.RequestServices, method.DeclaringType!), [request])!;

                // As a Delegate: the overload for a RequestDelegate would drop the result.
                app.MapMethods($"/{Routes.Prefix}/{trigger.Route}", trigger.Methods!, (Delegate)InvokeAsync).WithName(function.Name);
            }
        }
    }
}
