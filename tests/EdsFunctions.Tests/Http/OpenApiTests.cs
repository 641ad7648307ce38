using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdsFunctions.Tests.Hosts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Http;

/// <summary>
/// The description is written by hand: here it is compared with the triggers, with the types that the app writes, with the readers
/// of requests, and with real responses.
/// </summary>
public sealed class OpenApiTests
{
    private const string View = nameof(View);

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>As the app writes, but nothing may be there that no type has.</summary>
    private static readonly JsonSerializerOptions Strict = new(EdsJson.Default.Options)
    {
        // The app writes them in more than one context.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Names of types that are written as answers or in them.</summary>
    public static TheoryData<string> Answers =>
    [
        .. typeof(VerificationView).Assembly.GetTypes()
            .Select(type => type.Name)
            .Where(name => name.EndsWith(View, StringComparison.Ordinal))
            .Append(nameof(Problem)),
    ];

    [Fact]
    public void The_description_is_read_without_an_error_or_a_warning()
    {
        var diagnostic = Description.Read(Description.Text).Diagnostic!;

        Assert.Empty(diagnostic.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
    }

    [Fact]
    public async Task Anyone_gets_exactly_the_description_of_the_repository()
    {
        await using var app = await EdsApp.StartAsync();

        var answer = await app.Api.GetAsync("openapi.json");

        Assert.Equal(Description.Text, answer.ShouldBe(200).Text);
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal(
            await File.ReadAllTextAsync(
                Repository.Path("src", "EdsFunctions.Core", "Http", "openapi.json"), TestContext.Current.CancellationToken),
            answer.Text);
    }

    [Fact]
    public void It_names_the_prefix_and_the_version_of_the_app()
    {
        Assert.Equal($"/{Routes.Prefix}", Assert.Single(Description.Document.Servers!).Url);
        Assert.Equal(typeof(Routes).Assembly.GetName().Version!.ToString(3), Description.Document.Info.Version);
    }

    [Fact]
    public void Every_function_is_described_and_nothing_else() => Assert.Equal(
        Trigger.Http.Select(trigger => $"{trigger.Function}: {trigger.Method} {PathOf(trigger)}").Order(),
        Description.Operations().Select(it => $"{it.Operation.OperationId}: {it.Method} {it.Path}").Order());

    [Fact]
    public void A_key_is_described_where_the_host_asks_for_one() => Assert.Equal(
        Trigger.Http.Select(trigger => $"{trigger.Function}: {KeysOf(trigger.Level)}").Order(),
        Description.Operations().Select(it => $"{it.Operation.OperationId}: {KeysOf(it.Operation)}").Order());

    [Fact]
    public void Where_a_key_or_a_signature_is_asked_for_a_missing_one_is_described() => Assert.All(Description.Operations(), it =>
        Assert.Equal(
            it.Operation.OperationId is not (Functions.Health or Functions.OpenApi), it.Operation.Responses!.ContainsKey("401")));

    [Fact]
    public void A_key_may_come_as_the_functions_host_takes_it()
    {
        var schemes = Description.Document.Components!.SecuritySchemes!;

        Assert.Equal(2, schemes.Count);
        Assert.All(schemes.Values, scheme => Assert.Equal(SecuritySchemeType.ApiKey, scheme.Type));
        Assert.Equal("x-functions-key", schemes["functionsKey"].Name);
        Assert.Equal(ParameterLocation.Header, schemes["functionsKey"].In);
        Assert.Equal("code", schemes["functionsKeyInQuery"].Name);
        Assert.Equal(ParameterLocation.Query, schemes["functionsKeyInQuery"].In);
    }

    [Fact]
    public void Every_type_of_problem_is_listed_and_no_other()
    {
        var types = ProblemSource.Read().Select(problem => problem.Type).ToArray();

        // Each of them makes at least one, so that fewer would mean that the source was not understood.
        Assert.InRange(types.Length, typeof(Problems).GetMethods(BindingFlags.Public | BindingFlags.Static).Length, int.MaxValue);
        var listed = Description.Schema(nameof(Problem)).Properties!["type"].Enum!.Select(type => (string)type!);
        Assert.Equal(types.Order(), listed.Order());
    }

    [Fact]
    public void Every_type_of_problem_has_an_example_under_its_status()
    {
        var examples =
            from described in Description.Operations()
            from response in described.Operation.Responses!
            from value in Description.Examples(response.Value.Content, "application/problem+json")
            let problem = new ProblemKind((string)value["type"]!, (string)value["title"]!, (int)value["status"]!)
            select (Status: response.Key, Problem: problem);
        var shown = examples.ToArray();

        Assert.All(shown, example => Assert.Equal(example.Status, $"{example.Problem.Status}"));
        Assert.Equal(
            ProblemSource.Read().OrderBy(problem => problem.Type),
            shown.Select(example => example.Problem).Distinct().OrderBy(problem => problem.Type));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_has_the_properties_of_its_schema_and_no_other(string type)
    {
        var (written, schema) = (Written(type), SchemaOf(type));

        Assert.Equal(written.Select(NameOf).Order(), schema.Properties!.Keys.Order());
        Assert.Equal(written.Where(IsAlwaysWritten).Select(NameOf).Order(), schema.Required!.Order());
        Assert.All(written, property =>
        {
            // A problem holds the state as text; what it may be is described all the same.
            var expected = property.Name == nameof(Problem.State)
                ? nameof(VerificationState)
                : Described(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
            Assert.Equal(
                $"{NameOf(property)}: {expected}", $"{NameOf(property)}: {Described(schema.Properties![NameOf(property)])}");
        });
    }

    [Fact]
    public void The_states_are_those_of_a_verification()
    {
        var states = Enum.GetValues<VerificationState>().Select(state => state.Name()).ToArray();

        Assert.Equal(states, Texts(Description.Schema(nameof(VerificationState)).Enum));
        Assert.Equal(["open", "closed", .. states], Texts(ListParameter("state").Schema!.Enum));
    }

    [Fact]
    public void A_list_takes_the_parameters_that_are_described_and_no_other()
    {
        var described = Description.Operation(Functions.ListVerifications).Parameters!.Select(parameter => parameter.Name);

        Assert.Equal($"may only have {string.Join(", ", described)}", ErrorsOfList(("nonsense", "1"))["query"][0]);
    }

    [Fact]
    public void A_list_takes_what_is_described_of_its_parameters()
    {
        var limit = ListParameter("limit").Schema!;
        var (minimum, maximum) = (int.Parse(limit.Minimum!, null), int.Parse(limit.Maximum!, null));

        Assert.Equal((int)limit.Default!, ListRequest.Read(new QueryCollection(), default, new FieldErrors()).Limit);
        Assert.Empty(ErrorsOfList(("limit", $"{minimum}")));
        Assert.Empty(ErrorsOfList(("limit", $"{maximum}")));
        Assert.NotEmpty(ErrorsOfList(("limit", $"{minimum - 1}")));
        Assert.NotEmpty(ErrorsOfList(("limit", $"{maximum + 1}")));
        Assert.All(Texts(ListParameter("state").Schema!.Enum), state => Assert.Empty(ErrorsOfList(("state", state))));
        Assert.All(
            ListParameter("olderThan").Examples!.Values,
            example => Assert.Empty(ErrorsOfList(("olderThan", (string)example.Value!))));
    }

    [Fact]
    public void A_request_takes_the_fields_that_are_described_and_no_other()
    {
        ShouldKnow("nonsense", """{"nonsense":1}""", SendRequest.Read, "SendRequest", "AlibabaSendRequest");
        ShouldKnow("extraInfo.nonsense", """{"extraInfo":{"nonsense":1}}""", SendRequest.Read, "ExtraInfo");
        ShouldKnow("nonsense", """{"nonsense":1}""", CloseRequest.Read, "CloseRequest");
        ShouldKnow("nonsense", """{"nonsense":1}""", CheckRequest.Read, "CheckRequest");
        ShouldKnow("nonsense", """{"nonsense":1}""", AttachRequest.Read, "AttachRequest");
    }

    [Theory]
    [InlineData("Who", "requestedBy")]
    [InlineData("Note", "note")]
    public void A_text_may_be_as_long_as_is_described(string schema, string field)
    {
        var length = Description.Schema(schema).MaxLength!.Value;

        Assert.Empty(ErrorsOfSend(field, new string('x', length)));
        Assert.NotEmpty(ErrorsOfSend(field, new string('x', length + 1)));
        Assert.NotEmpty(ErrorsOfSend(field, ""));
    }

    [Fact]
    public void Every_request_that_is_shown_is_one()
    {
        ShouldRead(Functions.SendVerifyCode, SendRequest.Read);
        ShouldRead(Functions.SendVerifyCodeWebhook, SendRequest.Read);
        ShouldRead(Functions.CompleteVerification, CloseRequest.Read);
        ShouldRead(Functions.CancelVerification, CloseRequest.Read);
        ShouldRead(Functions.CheckCen, CheckRequest.Read);
        ShouldRead(Functions.AttachCen, AttachRequest.Read);

        Assert.All(
            new[] { Functions.CompleteVerification, Functions.CancelVerification },
            function => Assert.False(Description.Operation(function).RequestBody!.Required));

        static void ShouldRead<T>(string function, Func<ReadOnlyMemory<byte>, FieldErrors, T> read)
        {
            var shown = Description.Examples(Description.Operation(function).RequestBody!.Content).ToArray();
            Assert.NotEmpty(shown);
            Assert.All(shown, example => read(Encoding.UTF8.GetBytes(example.ToJsonString()), new FieldErrors()));
        }
    }

    [Fact]
    public void Every_answer_that_is_shown_is_as_the_app_writes_it()
    {
        var shown =
            (from described in Description.Operations()
             from response in described.Operation.Responses!.Values
             from content in response.Content ?? new Dictionary<string, IOpenApiMediaType>()
             where content.Value.Schema is OpenApiSchemaReference
             from example in Description.Examples(response.Content, content.Key)
             select (Schema: ((OpenApiSchemaReference)content.Value.Schema!).Reference.Id!, Example: example)).ToArray();

        Assert.Equal(
            ["CenCheck", "Health", "Problem", "StaleReport", "Verification", "VerificationList"],
            shown.Select(answer => answer.Schema).Distinct().Order());
        Assert.All(shown, answer =>
        {
            var name = answer.Schema == nameof(Problem) ? answer.Schema : $"{answer.Schema}View";
            var type = typeof(Problem).Assembly.GetTypes().Single(candidate => candidate.Name == name);
            var read = answer.Example.Deserialize(type, Strict);
            Assert.True(
                JsonNode.DeepEquals(answer.Example, JsonSerializer.SerializeToNode(read, type, Strict)),
                answer.Example.ToJsonString());
            Assert.All(Description.Schema(answer.Schema).Required!, name => Assert.NotNull(PropertyOf(answer.Example, name)));
        });
    }

    [Fact]
    public async Task What_the_app_answers_to_a_request_for_a_code_is_described()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;

        ShouldBeDescribed(Functions.SendVerifyCode, 400, await app.Api.PostAsync("verifications", "{}"));
        ShouldBeDescribed(Functions.SendVerifyCode, 413, await app.Api.PostAsync("verifications", new string(' ', 70_000)));
        ShouldBeDescribed(Functions.SendVerifyCode, 415, await app.Api.PostAsync("verifications", "{}", "text/plain"));
        ShouldBeDescribed(Functions.SendVerifyCode, 201, await app.Api.SendAsync(verification, "key-1"));
        ShouldBeDescribed(Functions.SendVerifyCode, 201, await app.Api.SendAsync(verification, "key-1"));
        ShouldBeDescribed(Functions.SendVerifyCode, 422, await app.Api.SendAsync(A.Verification, "key-1"));
        ShouldBeDescribed(Functions.SendVerifyCode, 429, await app.Api.SendAsync(verification));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        ShouldBeDescribed(Functions.SendVerifyCode, 200, await app.Api.SendAsync(verification));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        ShouldBeDescribed(Functions.SendVerifyCode, 502, await app.Api.SendAsync(A.Verification, "key-2"));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Throttle, RetryAfterMs: 3_600_000));
        ShouldBeDescribed(Functions.SendVerifyCode, 503, await app.Api.SendAsync(A.Verification));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Malformed));
        ShouldBeDescribed(Functions.SendVerifyCode, 504, await app.Api.SendAsync(A.Verification));
    }

    [Fact]
    public async Task What_the_app_answers_to_everything_else_is_described()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = (await app.Api.SendAsync(A.Verification.By("alice", "a note"))).Id;

        ShouldBeDescribed(Functions.ListVerifications, 200, await app.Api.GetAsync("verifications"));
        ShouldBeDescribed(Functions.ListVerifications, 400, await app.Api.GetAsync("verifications?limit=0"));
        ShouldBeDescribed(Functions.GetVerification, 200, await app.Api.GetAsync(sent));
        ShouldBeDescribed(Functions.GetVerification, 404, await app.Api.GetAsync(Guid.Empty));
        app.Time.Advance(TimeSpan.FromHours(1));
        ShouldBeDescribed(Functions.GetStaleReport, 200, await app.Api.GetAsync("reports/stale"));
        ShouldBeDescribed(Functions.CompleteVerification, 400, await app.Api.CompleteAsync(sent, "[]"));
        ShouldBeDescribed(Functions.CompleteVerification, 404, await app.Api.CompleteAsync(Guid.Empty));
        ShouldBeDescribed(Functions.CompleteVerification, 200, await app.Api.CompleteAsync(sent, """{"by":"bob","note":"x"}"""));
        ShouldBeDescribed(Functions.CompleteVerification, 409, await app.Api.CompleteAsync(sent));
        ShouldBeDescribed(Functions.CancelVerification, 409, await app.Api.CancelAsync(sent));
        ShouldBeDescribed(Functions.Health, 200, await app.Api.GetAsync("health"));
    }

    private static string PathOf(Trigger trigger) =>
        $"/{trigger.Route.Replace(":guid}", "}", StringComparison.Ordinal)}";

    private static string KeysOf(AuthorizationLevel level) => level switch
    {
        AuthorizationLevel.Anonymous => "none",
        AuthorizationLevel.Function => "functionsKey or functionsKeyInQuery",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };

    private static string KeysOf(OpenApiOperation operation)
    {
        var alternatives = operation.Security ?? Description.Document.Security ?? [];
        var named = alternatives.Select(keys => string.Join(" and ", keys.Keys.Select(key => key.Reference.Id)));
        return alternatives.Count == 0 ? "none" : string.Join(" or ", named);
    }

    private static PropertyInfo[] Written(string type) =>
        typeof(Problem).Assembly.GetTypes().Single(candidate => candidate.Name == type)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static bool IsAlwaysWritten(PropertyInfo property) =>
        Nullability.Create(property).ReadState == NullabilityState.NotNull
        || property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Never };

    private static IOpenApiSchema SchemaOf(string type) => Description.Schema(SchemaName(type));

    private static string SchemaName(string type) =>
        type.EndsWith(View, StringComparison.Ordinal) ? type[..^View.Length] : type;

    private static string Described(Type type) => type switch
    {
        _ when type == typeof(string) => "string",
        _ when type == typeof(bool) => "boolean",
        _ when type == typeof(int) => "integer int32",
        _ when type == typeof(long) => "integer int64",
        _ when type == typeof(Guid) => "string uuid",
        _ when type == typeof(DateTime) => "string date-time",
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
            $"array of {Described(type.GetGenericArguments()[0])}",
        _ when type == typeof(IReadOnlyDictionary<string, string[]>) => "object",
        _ => SchemaName(type.Name),
    };

    private static string Described(IOpenApiSchema schema) => schema switch
    {
        OpenApiSchemaReference { Reference.Id: "Time" or "Count" or "Seconds", Target: { } simple } => Described(simple),
        OpenApiSchemaReference { Reference.Id: var id } => id!,
        { Type: JsonSchemaType.Array, Items: { } items } => $"array of {Described(items)}",
        { Type: { } type } => $"{type & ~JsonSchemaType.Null} {schema.Format}".Trim().ToLowerInvariant(),
        _ => "",
    };

    private static IOpenApiParameter ListParameter(string name) =>
        Description.Operation(Functions.ListVerifications).Parameters!.Single(parameter => parameter.Name == name);

    private static IReadOnlyDictionary<string, string[]> ErrorsOfList(params (string Name, string Value)[] query)
    {
        var parameters = new QueryCollection(query.ToDictionary(one => one.Name, one => new StringValues(one.Value)));
        return ErrorsOf(errors => ListRequest.Read(parameters, VerificationBuilder.Noon, errors));
    }

    private static IReadOnlyDictionary<string, string[]> ErrorsOfSend(string field, string value) => ErrorsOf(errors => SendRequest.Read(
        Encoding.UTF8.GetBytes($$"""{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","{{field}}":"{{value}}"}"""), errors));

    private static IReadOnlyDictionary<string, string[]> ErrorsOf(Action<FieldErrors> read)
    {
        var errors = new FieldErrors();
        var thrown = Record.Exception(() => read(errors));
        Assert.Equal(errors.Any, thrown is ProblemException);
        return errors.ByField;
    }

    /// <summary>A reader names the fields that it knows when it refuses another.</summary>
    private static void ShouldKnow<T>(
        string refused, string body, Func<ReadOnlyMemory<byte>, FieldErrors, T> read, params string[] schemas)
    {
        var known = ErrorsOf(errors => read(Encoding.UTF8.GetBytes(body), errors))[refused][0].Split("known are ")[1].Split(", ");
        var described = schemas.SelectMany(schema => Description.Schema(schema).Properties!.Keys);

        Assert.All(schemas, schema => Assert.False(Description.Schema(schema).AdditionalPropertiesAllowed));
        Assert.Equal(
            described.Select(name => name.ToUpperInvariant()).Distinct().Order(),
            known.Select(name => name.ToUpperInvariant()).Order());
    }

    private static IEnumerable<string> Texts(IEnumerable<JsonNode>? values) =>
        values!.Select(value => (string)value!);

    /// <summary>Null where it is not there; a null that is there is a value of its own.</summary>
    private static string? PropertyOf(JsonNode example, string name) =>
        example.AsObject().TryGetPropertyValue(name, out var value) ? value?.ToJsonString() ?? "null" : null;

    private static void ShouldBeDescribed(string function, int status, ApiResponse answer)
    {
        answer.ShouldBe(status);
        Assert.True(
            Description.Operation(function).Responses!.TryGetValue($"{status}", out var described),
            $"{function} is not described as answering {status}.");

        var (mediaType, media) = Assert.Single(described.Content!);
        Assert.StartsWith($"{mediaType};", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.All(answer.Json.EnumerateObject(), property => Assert.Contains(property.Name, media.Schema!.Properties!.Keys));

        var headers = described.Headers ?? new Dictionary<string, IOpenApiHeader>();
        Assert.All(
            new[] { "Location", "Retry-After", "Idempotency-Replayed" }.Where(name => answer.Header(name) is not null),
            name => Assert.Contains(name, headers.Keys));
        Assert.All(headers.Where(header => header.Value.Required), header => Assert.NotNull(answer.Header(header.Key)));
    }
}
