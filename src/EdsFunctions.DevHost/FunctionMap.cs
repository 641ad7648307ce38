using System.Reflection;
using EdsFunctions.Core.Api;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions.DevHost;

/// <summary>Maps the HTTP triggers of the Functions app, so that both hosts serve the same endpoints.</summary>
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
                    .WithMetadata([.. CommonProblems(method, trigger)]);
            }
        }
    }

    /// <summary>
    /// The problems that follow from the access, the route and the body of a trigger. A trigger declares those of
    /// another status itself.
    /// </summary>
    private static IEnumerable<ProblemResponseAttribute> CommonProblems(MethodInfo method, HttpTriggerAttribute trigger)
    {
        var bodies = method.GetCustomAttributes<RequestBodyAttribute>().ToArray();
        var requiresKey = trigger.AuthLevel != AuthorizationLevel.Anonymous;
        var hasBody = bodies.Length > 0;
        var isOwnFormat = bodies.Any(body => body.Type != typeof(JsonObject));
        var hasId = trigger.Route!.Contains("{id", StringComparison.Ordinal);
        var problems = new (bool Applies, ProblemResponseAttribute Problem)[]
        {
            (hasBody, new(400, "invalid-request")),
            (requiresKey, new(401)),
            (hasBody && !requiresKey, new(401, "signature-invalid")),
            (hasId, new(404, "verification-not-found")),
            (hasId && hasBody, new(409, "verification-closed", "verification-in-progress")),
            (hasBody, new(413, "body-too-large")),
            (isOwnFormat, new(415, "unsupported-media-type")),
            (hasBody && requiresKey, new(422, "idempotency-key-reused")),
            (true, new(500, "internal-error", "verification-unreadable")),
            (hasBody || requiresKey, new(503, "store-unavailable")),
        };
        var declared = method.GetCustomAttributes<ProblemResponseAttribute>()
            .SelectMany(each => each.Problems).ToHashSet();
        return problems.Where(each => each.Applies && !each.Problem.Problems.Any(declared.Contains))
            .Select(each => each.Problem);
    }
}
