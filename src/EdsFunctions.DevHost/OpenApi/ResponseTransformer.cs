using EdsFunctions.Core.Api;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Verifications;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace EdsFunctions.DevHost.OpenApi;

/// <summary>
/// Describes the problems and headers of responses in the OpenAPI document. Adds an example response to operations
/// without a request body.
/// </summary>
internal sealed class ResponseTransformer(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    private static readonly VerificationView Verification = new(
        Guid.Parse("01a20d6d-5a00-7c4e-9b1a-5d2f8e6a3b70"), "8e6a3b70", VerificationState.Pending, Open: true,
        "cn-hangzhou", "cen-3weq30r6t0s7t4abcd", "************3456", "1CBAFFAB-B697-4049-A9B1-67E1FC5F0A2B",
        SendCount: 1, At(0), At(0), At(0), "alice", "new office in Hangzhou", null, ReportCount: 1, At(30), null, null,
        null, null);

    private static readonly Dictionary<Type, object> Examples = new()
    {
        [typeof(VerificationView)] = Verification,
        [typeof(VerificationListView)] = new VerificationListView([Verification], [], null),
        [typeof(StaleReportView)] = new StaleReportView(
            At(45), 1800, 1, 0, 2700, [new StaleItemView(Verification, "45 min", 2700, Due: false, At(270))], 0),
        [typeof(HealthView)] = new HealthView("healthy"),
    };

    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var trigger = context.Description.ActionDescriptor.EndpointMetadata;
        var isRecorded = trigger.OfType<RequestBodyAttribute>().Any(body => body.Type != typeof(JsonObject));
        var responses = operation.Responses!;
        operation.Responses = [];
        foreach (var described in context.Description.SupportedResponseTypes.OrderBy(type => type.StatusCode))
        {
            var (status, type) = (described.StatusCode, described.Type!);
            var response = (OpenApiResponse)responses[$"{status}"];
            var declared = trigger.OfType<ProblemResponseAttribute>().Where(one => one.StatusCode == status).ToArray();
            if (declared.Length > 0)
            {
                DescribeProblem(response, status, [.. declared.SelectMany(problem => problem.Problems)]);
            }
            else if (operation.RequestBody is null && Examples.TryGetValue(type, out var example))
            {
                response.Content!["application/json"].Example =
                    JsonSerializer.SerializeToNode(example, type, json.Value.SerializerOptions);
            }

            if (status == StatusCodes.Status201Created)
            {
                var path = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" };
                AddHeader(response, "Location", "The path of the verification.", required: true, path);
            }

            if (isRecorded && status is < StatusCodes.Status400BadRequest or >= StatusCodes.Status502BadGateway)
            {
                var replayed = new OpenApiSchema { Type = JsonSchemaType.String, Const = "true" };
                AddHeader(response, "Idempotency-Replayed", "Set on a repeated response.", required: false, replayed);
            }

            operation.Responses.Add($"{status}", response);
        }

        return Task.CompletedTask;
    }

    private static void DescribeProblem(OpenApiResponse response, int status, string[] problems)
    {
        response.Description = problems.Length > 0
            ? $"{ReasonPhrases.GetReasonPhrase(status)}: {string.Join(" or ", problems)}"
            : "The function key is missing or invalid. The response has no body.";
        var transient = problems.Count(problem => problem == "verification-in-progress"
            || status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable);
        if (transient > 0)
        {
            var always = transient == problems.Length;
            var seconds = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" };
            AddHeader(response, "Retry-After", "The seconds to wait before a retry.", required: always, seconds);
        }
    }

    private static void AddHeader(
        OpenApiResponse response, string name, string description, bool required, OpenApiSchema schema)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader { Description = description, Required = required, Schema = schema };
    }

    private static DateTime At(int minutes) =>
        new DateTime(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc).AddMinutes(minutes);
}
