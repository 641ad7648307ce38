using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdsFunctions.DevHost.OpenApi;

/// <summary>Adds the parts of the OpenAPI document that apply to all operations.</summary>
internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    public const string KeyInHeader = "functionsKey";
    public const string KeyInQuery = "functionsKeyInQuery";

    private const string Description =
        "Asks Alibaba Cloud to e-mail a verification code to the owner of a Cloud Enterprise Network (CEN), and tracks "
        + "the verification until the CEN is attached. Bodies are JSON in UTF-8. Field names of requests are "
        + "case-insensitive; unknown fields are rejected; a null field counts as left out. Responses leave out fields "
        + "without a value. Times are in UTC. Responses must not be cached.";

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "EdsFunctions",
            Version = typeof(VerificationTriggers).Assembly.GetName().Version!.ToString(3),
            Description = Description,
        };
        const string Prefix = $"/{VerificationEndpoints.RoutePrefix}";
        document.Servers = [new OpenApiServer { Url = Prefix }];
        var paths = document.Paths.ToArray();
        document.Paths.Clear();
        foreach (var (path, item) in paths)
        {
            document.Paths.Add(path[Prefix.Length..], item);
        }

        AddKey(KeyInHeader, ParameterLocation.Header, "x-functions-key", "A function key or a host key.");
        AddKey(KeyInQuery, ParameterLocation.Query, "code", "The same key. Prefer the header: URLs are logged.");
        var declared = context.DescriptionGroups.SelectMany(group => group.Items)
            .SelectMany(item => item.ActionDescriptor.EndpointMetadata).OfType<ProblemResponseAttribute>();
        ((OpenApiSchema)document.Components!.Schemas![nameof(Problem)].Properties!["type"]).Enum =
        [
            .. declared.SelectMany(response => response.Problems).Distinct().Order(StringComparer.Ordinal)
                .Select(problem => JsonValue.Create(Problems.TypePrefix + problem)),
        ];
        return Task.CompletedTask;

        void AddKey(string scheme, ParameterLocation location, string name, string description) =>
            document.AddComponent(scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = location,
                Name = name,
                Description = description,
            });
    }
}
