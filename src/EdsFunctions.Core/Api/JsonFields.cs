using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Api;

/// <summary>
/// Reads the fields of a JSON object in a request. The names are case-insensitive. Duplicate and unknown fields are
/// errors.
/// </summary>
internal sealed class JsonFields
{
    public const int MaxActor = 100;
    public const int MaxNote = 500;

    private const int MaxDepth = 16;
    private const int MaxNameShown = 64;

    private readonly Dictionary<string, JsonElement> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly string objectName;
    private readonly FieldErrors errors;

    private JsonFields(string objectName, FieldErrors errors)
    {
        this.objectName = objectName;
        this.errors = errors;
    }

    /// <summary>
    /// The names of the fields that a request may have, from the properties of one or more request types.
    /// </summary>
    public static string[] GetNames(params IEnumerable<Type> requests) =>
    [
        .. requests.SelectMany(type => type.GetProperties())
            .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Distinct(),
    ];

    /// <param name="utf8">The JSON.</param>
    /// <param name="name">The object's name in errors: <c>body</c>, or the name of the field that contains it.</param>
    /// <param name="known">The names of the allowed fields.</param>
    /// <param name="errors">Receives the errors. After an error, the result is incomplete.</param>
    public static JsonFields Parse(ReadOnlyMemory<byte> utf8, string name, string[] known, FieldErrors errors)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement.Clone(), name, known, errors);
        }
        catch (JsonException e)
        {
            // Report only the position of the syntax error: the message of the exception quotes the JSON.
            errors.Add(name, e.LineNumber is { } line
                ? $"must be JSON; there is a syntax error in line {line + 1}, byte {e.BytePositionInLine + 1}"
                : "must be JSON");
            return new JsonFields(name, errors);
        }
    }

    /// <inheritdoc cref="Parse"/>
    public static JsonFields Read(JsonElement element, string name, string[] known, FieldErrors errors)
    {
        var fields = new JsonFields(name, errors);
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(name, "must be a JSON object");
            return fields;
        }

        foreach (var property in element.EnumerateObject())
        {
            fields.Add(property, known);
        }

        return fields;
    }

    public bool Has(string name) => values.ContainsKey(name);

    public JsonElement? Element(string name) => values.TryGetValue(name, out var value) ? value : null;

    /// <summary>
    /// Reads a field with a string without control characters; null if the field is missing or invalid.
    /// </summary>
    public string? Text(string name, int maxLength, bool oneLine = true)
    {
        if (Element(name) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? LenientJson.WellFormed(value.GetString) : null;
        var error = text switch
        {
            null when value.ValueKind != JsonValueKind.String => "must be a string",
            null => "must be well-formed Unicode",
            _ when text.Length == 0 || text.Length > maxLength => $"must have 1 to {maxLength} characters",
            _ when oneLine && text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029') =>
                "must be one line without control characters",
            _ => null,
        };
        if (error is null)
        {
            return text;
        }

        Add(name, error);
        return null;
    }

    /// <summary>
    /// Reads a field that names a person or a program; null if the field is missing, blank or invalid.
    /// </summary>
    public string? Actor(string name) => OptionalText(name, MaxActor);

    /// <summary>Reads a field with a note; null if the field is missing, blank or invalid.</summary>
    public string? Note(string name) => OptionalText(name, MaxNote);

    /// <summary>
    /// Reads a field with an account id, as a number or a string; null if the field is missing or invalid.
    /// </summary>
    public AccountId? AccountId(string name)
    {
        var text = Element(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.String } digits => LenientJson.WellFormed(digits.GetString) ?? "",
            _ => "",
        };
        return errors.Parse(
            GetPath(name),
            text,
            Alibaba.AccountId.Parse,
            "must be an account id: a positive integer, or a string of its digits");
    }

    /// <summary>
    /// Reads a string field that <paramref name="parse"/> must accept. Returns null if the field is missing or invalid.
    /// </summary>
    public T? Value<T>(string name, int maxLength, Func<string, T?> parse, string message) =>
        errors.Parse(GetPath(name), Text(name, maxLength), parse, message);

    /// <summary>Reads a field with a verification code; null if the field is missing or invalid.</summary>
    public VerifyCode? VerifyCode(string name) => Value(
        name,
        Alibaba.VerifyCode.MaxLength,
        Alibaba.VerifyCode.Parse,
        $"must be 1 to {Alibaba.VerifyCode.MaxLength} letters and digits");

    public void Require(string name)
    {
        if (!Has(name))
        {
            Add(name, "is required");
        }
    }

    public void Add(string name, string message) => errors.Add(GetPath(name), message);

    /// <summary>
    /// Reads a field with an optional text. A blank text counts as missing, because a form sends one for a field that
    /// was left empty.
    /// </summary>
    private string? OptionalText(string name, int maxLength) =>
        Element(name) is { ValueKind: JsonValueKind.String } value
        && LenientJson.WellFormed(value.GetString) is { } text && string.IsNullOrWhiteSpace(text)
            ? null
            : Text(name, maxLength);

    private string GetPath(string name) => objectName == "body" ? name : $"{objectName}.{name}";

    private void Add(JsonProperty property, string[] known)
    {
        var name = GetName(property);
        if (name is null)
        {
            errors.Add(objectName, "contains an unknown field");
        }
        else if (Array.Find(known, field => field.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } field)
        {
            Add(name, $"is an unknown field; known fields: {string.Join(", ", known)}");
        }
        else if (property.Value.ValueKind != JsonValueKind.Null && !values.TryAdd(field, property.Value))
        {
            Add(field, "occurs more than once");
        }
    }

    /// <summary>
    /// The name of a field for an error message. Null if the name does not look like the name of a field, because it
    /// could contain a secret.
    /// </summary>
    private static string? GetName(JsonProperty property) =>
        LenientJson.WellFormed(() => property.Name) is { Length: > 0 and <= MaxNameShown } name
        && name.All(char.IsAsciiLetter)
            ? name
            : null;
}
