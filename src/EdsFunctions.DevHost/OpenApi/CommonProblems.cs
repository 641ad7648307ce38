using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions.DevHost.OpenApi;

/// <summary>The problems that many endpoints of the OpenAPI document have.</summary>
internal static class CommonProblems
{
    /// <summary>
    /// Returns the problems that follow from the access level, the route and the body of a trigger. The attributes of a
    /// trigger declare the problems with any other status.
    /// </summary>
    public static IEnumerable<ProblemResponseAttribute> GetProblems(MethodInfo method, HttpTriggerAttribute trigger)
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
