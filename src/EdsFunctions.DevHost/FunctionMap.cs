using System.Reflection;
using EdsFunctions.Core.Api;
using EdsFunctions.DevHost.OpenApi;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions.DevHost;

/// <summary>
/// Maps the HTTP triggers of the Functions app to routes of DevHost, so that both hosts serve the same endpoints.
/// </summary>
internal static class FunctionMap
{
    public static void MapFunctions(this IEndpointRouteBuilder app)
    {
        var types = typeof(VerificationTriggers).Assembly.GetExportedTypes();
        foreach (var (type, method) in types.SelectMany(type => type.GetMethods().Select(method => (type, method))))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function
                && method.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>() is { } trigger)
            {
                var handler = RequestDelegateFactory.Create(
                    method, context => ActivatorUtilities.GetServiceOrCreateInstance(context.RequestServices, type));
                var route = $"/{VerificationEndpoints.RoutePrefix}/{trigger.Route}";
                app.MapMethods(route, trigger.Methods!, handler.RequestDelegate)
                    .WithName(function.Name)
                    .WithMetadata([method, trigger, .. type.GetCustomAttributes(), .. method.GetCustomAttributes()])
                    .WithMetadata([.. CommonProblems.GetProblems(method, trigger)]);
            }
        }
    }
}
