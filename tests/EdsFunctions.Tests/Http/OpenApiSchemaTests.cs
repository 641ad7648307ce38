using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;

namespace EdsFunctions.Tests.Http;

/// <summary>The schemas are held against the types that the app writes, and against the readers of what it is sent.</summary>
public sealed class OpenApiSchemaTests
{
    private const string View = nameof(View);

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Names of types that are written as answers or in them.</summary>
    public static TheoryData<string> Answers =>
    [
        .. typeof(VerificationView).Assembly.GetTypes()
            .Select(type => type.Name)
            .Where(name => name.EndsWith(View, StringComparison.Ordinal))
            .Append(nameof(Problem)),
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_has_the_properties_of_its_schema_and_no_other(string type) =>
        Assert.Equal(Written(type).Select(NameOf).Order(), SchemaOf(type).Properties!.Keys.Order());

    [Theory]
    [MemberData(nameof(Answers))]
    public void A_property_is_required_where_it_is_always_written(string type) =>
        Assert.Equal(Written(type).Where(IsAlwaysWritten).Select(NameOf).Order(), SchemaOf(type).Required!.Order());

    [Theory]
    [MemberData(nameof(Answers))]
    public void A_property_is_described_as_what_it_is(string type) => Assert.All(Written(type), property =>
    {
        var schema = SchemaOf(type).Properties![NameOf(property)];

        // A problem holds the state as text; what it may be is described all the same.
        var expected = property.Name == nameof(Problem.State)
            ? nameof(VerificationState)
            : Described(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
        Assert.Equal($"{NameOf(property)}: {expected}", $"{NameOf(property)}: {Described(schema)}");
    });

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
    public void A_request_for_a_code_takes_the_fields_that_are_described_and_no_other()
    {
        var described = Description.Schema("SendRequest").Properties!.Keys
            .Union(Description.Schema("AlibabaSendRequest").Properties!.Keys, StringComparer.OrdinalIgnoreCase);

        Assert.Equal(
            described.Select(name => name.ToUpperInvariant()).Order(),
            Known(errors => SendRequest.Read("""{"nonsense":1}"""u8.ToArray(), errors), "nonsense"));
        Assert.Equal(
            Description.Schema("ExtraInfo").Properties!.Keys.Select(name => name.ToUpperInvariant()).Order(),
            Known(errors => SendRequest.Read("""{"extraInfo":{"nonsense":1}}"""u8.ToArray(), errors), "extraInfo.nonsense"));
    }

    [Fact]
    public void A_request_to_close_takes_the_fields_that_are_described_and_no_other() => Assert.Equal(
        Description.Schema("CloseRequest").Properties!.Keys.Select(name => name.ToUpperInvariant()).Order(),
        Known(errors => CloseRequest.Read("""{"nonsense":1}"""u8.ToArray(), errors), "nonsense"));

    [Theory]
    [InlineData("SendRequest")]
    [InlineData("AlibabaSendRequest")]
    [InlineData("ExtraInfo")]
    [InlineData("CloseRequest")]
    public void A_request_with_an_unknown_field_is_described_as_wrong(string schema) =>
        Assert.False(Description.Schema(schema).AdditionalPropertiesAllowed);

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

    /// <summary>The names that a reader names when it refuses one.</summary>
    private static IEnumerable<string> Known(Action<FieldErrors> read, string refused) =>
        ErrorsOf(read)[refused][0].Split("known are ")[1].Split(", ").Select(name => name.ToUpperInvariant()).Order();

    private static IEnumerable<string> Texts(IEnumerable<JsonNode>? values) =>
        values!.Select(value => (string)value!);
}
