using CsCheck;

namespace EdsFunctions.Tests.Hostile;

/// <summary>
/// Generates invalid request bodies, which no endpoint may accept. Each is malformed or has an unknown field, so that
/// endpoints whose body is optional must reject it too.
/// </summary>
internal static class HostileBodies
{
    /// <summary>A value that no response may repeat.</summary>
    public const string Owner = "8231764509128345";

    private const int MaxBytes = 64 * 1024;
    private const string Cen = "\"cen-3weq30r6t0s7t4abcd\"";

    /// <summary>The fields of a valid request, which the generated bodies change.</summary>
    private static readonly (string Name, string Value)[] Valid =
    [
        ("regionId", "\"cn-hangzhou\""), ("cenId", Cen), ("cenOwnerId", Owner), ("requestedBy", "\"alice\""),
        ("note", "\"a note\""), ("verifyCodeAction", "\"eds_cenID_securityverification\""),
        ("extraInfo", $$"""{"cenId":{{Cen}},"cenOwnerId":{{Owner}} }"""),
    ];

    private static readonly string ValidJson = Json(Valid);

    /// <summary>
    /// Generates values for a text field that are invalid: JSON that is no string, and strings that are not one line of
    /// well-formed text.
    /// </summary>
    private static readonly Gen<string> NotText = Gen.OneOf(
        Gen.OneOf("0", "1e999", "true", "[]", "{}", "[\"cn-hangzhou\"]", "{\"x\":null}"),
        Gen.OneOf(
            "\\u0000", "\\n", "\\r\\nX: 1", "\\t", "\\u2028", "\\u2029", "\\u007f", "\\u0085", "\\ud800",
            "\\udc00\\ud800")
            .Select(character => $"\"a{character}\""));

    private static readonly Gen<(string Name, string Value)> WrongFields = Gen.OneOf(
        Gen.Select(Gen.OneOf("regionId", "cenId", "verifyCodeAction", "requestedBy", "note"), NotText),
        // Use values that a response could repeat by mistake. BadInputTests has values of the wrong format.
        Gen.Select(
            Gen.OneOf("regionId", "cenId", "cenOwnerId", "extraInfo", "verifyCodeAction"),
            Gen.OneOf(
                $"\"{Owner}!\"", $"\"cen-{Owner}{new string('a', 61)}\"", $"{Owner}.5", $"[{Owner}]",
                $"{Owner}{Owner}")),
        Gen.Int[501, MaxBytes - 1000].Select(length => ("note", $"\"{new string('n', length)}\"")),
        Gen.String.Select(name => ($"x{name}", Owner)),
        Gen.OneOf("", " ", "__proto__", "$type", "cenId ", "c\u0000enId", "\ufeffregionId", "\r\nX-Evil: 1", Owner)
            .Select(name => (name, "1")));

    /// <summary>
    /// Generates a body with an invalid value of a field, in place of the valid value or in addition to it.
    /// </summary>
    private static readonly Gen<string> WithWrongField = Gen.Select(WrongFields, Gen.Bool, (wrong, beside) =>
    {
        var name = JsonEncodedText.Encode(wrong.Name.Normalized()).ToString();
        return Json([.. Valid.Where(field => field.Name != wrong.Name || beside), (name, wrong.Value)]);
    });

    private static readonly Gen<string> Deep = Gen.Select(Gen.Int[70, 6000], Gen.OneOf("[", "{\"a\":"), (depth, open) =>
        Json([.. Valid[..^1], ("extraInfo", string.Concat(Enumerable.Repeat(open, depth)))]));

    private static readonly Gen<string> AlmostJson = Gen.OneOf(
        Gen.Int[1, ValidJson.Length - 1].Select(length => ValidJson[..length]),
        Gen.OneOf(
            ValidJson + "{}", ValidJson + "\0", ValidJson + ",", ValidJson + "// comment", "/**/" + ValidJson,
            ValidJson[..^1] + ",}", ValidJson.Replace('"', '\''), $"[{ValidJson}]", JsonSerializer.Serialize(ValidJson),
            ")]}',\n" + ValidJson, ValidJson.Replace(':', '='), $"not JSON: {Owner}", Owner),
        Gen.OneOf(
            "NaN", "-Infinity", "01", "+1", "1.", ".5", "0x10", "1_000", "\"\\x41\"", "\"\\u12\"", "\"a\nb\"", "'a'",
            "\"a", "tru")
            .Select(value => Json([.. Valid[..^1], ("extraInfo", value)])));

    /// <summary>
    /// Generates a body with random changes. The changes leave an invalid region in the body, so the body stays
    /// invalid.
    /// </summary>
    private static readonly Gen<byte[]> Mutated = Gen.Select(
        Gen.Int[0, ValidJson.Length],
        Gen.Byte.Array[1, 8],
        (at, bytes) =>
        {
            var json = Utf8(Json([.. Valid.Where(field => field.Name != "regionId"), ("regionId", "\"CN_1\"")]));
            at = Math.Min(at, json.Length - "\"CN_1\"}".Length);
            return (byte[])[.. json[..at], .. bytes, .. json[at..]];
        });

    private static readonly Gen<byte[]> NotUtf8 = Gen.Select(
        Gen.Int[0, ValidJson.Length],
        Gen.OneOf<byte[]>([0xFF], [0x80], [0xC0, 0x80], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]),
        (at, bytes) => (byte[])[.. Utf8(ValidJson)[..at], .. bytes, .. Utf8(ValidJson)[at..]]);

    private static readonly Gen<byte[]> OtherEncodings = Gen
        .OneOf(Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32)
        .Select(encoding => (byte[])[.. encoding.GetPreamble(), .. encoding.GetBytes(ValidJson)]);

    private static readonly Gen<byte[]> TooLong =
        Gen.Int[MaxBytes + 1, MaxBytes * 2].Select(length => Utf8(ValidJson.PadRight(length)));

    /// <summary>Generates random bytes. A JSON object cannot begin with the first byte.</summary>
    private static readonly Gen<byte[]> RandomBytes = Gen.Select(
        Gen.OneOf<byte>(0x00, 0x22, 0x30, 0x5B, 0x80, 0xFF),
        Gen.Byte.Array[0, 300],
        (first, rest) => (byte[])[first, .. rest]);

    public static Gen<byte[]> All { get; } = Gen.OneOf(
        Gen.OneOf(WithWrongField, AlmostJson, Deep).Select(Utf8),
        Mutated,
        NotUtf8,
        OtherEncodings,
        TooLong,
        RandomBytes);

    private static string Json((string Name, string Value)[] fields) =>
        $"{{{string.Join(',', fields.Select(field => $"\"{field.Name}\":{field.Value}"))}}}";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Removes lone surrogates from a text, because they cannot be encoded.</summary>
    public static string Normalized(this string text) => string.Concat(text.EnumerateRunes());
}
