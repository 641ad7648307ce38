namespace EdsFunctions.Tests.Hostile;

/// <summary>
/// Bodies that nobody may accept: not by the route that sends a code, and, none being empty or without a foreign field, not
/// by those that close a verification either.
/// </summary>
internal static class HostileBodies
{
    private const string Region = "\"cn-hangzhou\"";
    private const string Cen = "\"cen-3weq30r6t0s7t4abcd\"";
    private const string Owner = "1234567890123456";
    private const string Action = "\"eds_cenID_securityverification\"";
    private const string ExtraInfo = $$"""{"cenId":{{Cen}},"cenOwnerId":{{Owner}}}""";
    private const int MaxBytes = 64 * 1024;

    /// <summary>A request in which all is right.</summary>
    private static readonly (string Name, string Value)[] Right =
    [
        ("regionId", Region), ("cenId", Cen), ("cenOwnerId", Owner), ("verifyCodeAction", Action), ("extraInfo", ExtraInfo),
        ("requestedBy", "\"alice\""), ("note", "\"office in Hangzhou\""),
    ];

    private static readonly string[] NoText =
        ["0", "-1", "1e999", "true", "false", "[]", "{}", "[\"cn-hangzhou\"]", "{\"x\":null}", "\"\""];

    private static readonly string[] NoLine =
    [
        "\"\\u0000\"", "\"a\\u0000\"", "\"a\\nb\"", "\"a\\r\\nX: 1\"", "\"\\u2028\"", "\"\\u2029\"", "\"\\u007f\"",
        "\"\\u0085\"", "\"\\t\"",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\\uDBFF\"", "\"\\udfff\"",
    ];

    private static readonly string[] NoNumbers =
        ["NaN", "Infinity", "-Infinity", "01", "+1", "1.", ".5", "0x10", "1_000", "--1", "1e"];

    private static readonly string[] NoValues =
        ["\"\\x41\"", "\"\\u12\"", "\"a\nb\"", "\"a\0b\"", "\"\u0001\"", "undefined", "'a'", "\"a", "tru", "nul"];

    /// <summary>What is wrong for a field, whatever the others are.</summary>
    private static readonly Dictionary<string, string[]> Wrong = new()
    {
        ["regionId"] =
        [
            .. NoText, .. NoLine, "null", "\"CN-HANGZHOU\"", "\"cn_hangzhou\"", "\"cn-hangzhou.evil.com\"", "\"evil.com/#\"",
            "\"127.0.0.1:80\"",
            "\"cn-hangzhou@evil\"", "\"-\"", "\"..\"", "\"cn--hangzhou\"", "\"cn-hangzhou \"", "\"%63n-hangzhou\"",
            "\"cn-h\\u00e4ngzhou\"",
            "\"\\u0441n-hangzhou\"", $"\"{new string('a', 41)}\"",
        ],
        ["cenId"] =
        [
            .. NoText, .. NoLine, "\"cen-\"", "\"cen-A\"", "\"vpc-a\"", "\"CEN-a\"", "\"cen-a b\"", "\"cen-a/../b\"",
            "\"cen-a\\\"b\"",
            "\"cen-a&Action=x\"", "\"cen-\\u0430\"", $"\"cen-{new string('a', 61)}\"",
        ],
        ["cenOwnerId"] =
        [
            .. NoLine, "true", "[]", "{}", "\"\"", "0", "-0", "-1", "1.0", "1.5", "1e3", "1E+3", "1e999", "-1e-999",
            "99999999999999999999",
            "9223372036854775808", "\"0\"", "\"01\"", "\"+1\"", "\"-1\"", "\" 1\"", "\"1 \"", "\"1,000\"", "\"0x10\"",
            "\"1e3\"", "\"\\uff11\"",
            "\"\\u0661\"", "\"9223372036854775808\"", "[1234567890123456]", "{\"value\":1234567890123456}",
        ],
        ["verifyCodeAction"] =
        [
            .. NoText, .. NoLine, "\"x\"", "\"EDS_CENID_SECURITYVERIFICATION\"", "\"eds_cenID_securityverification \"",
        ],
        ["extraInfo"] =
        [
            .. NoLine, "0", "1e999", "true", "[]", "\"\"", "{}", "\"{}\"", "\"null\"", "\"[]\"", "\"1\"", "\"x\"", "\"{\"",
            "\"\\\"x\\\"\"",
            "{\"cenId\":\"cen-A\"}", "{\"cenId\":null}", "{\"cenId\":{}}", "{\"cenOwnerId\":1234567890123456}",
            "{\"cenId\":\"cen-other\"}",
            "{\"cenId\":\"cen-3weq30r6t0s7t4abcd\",\"cenOwnerId\":1}", "{\"cenId\":\"cen-3weq30r6t0s7t4abcd\",\"x\":1}",
            "{\"cenId\":\"cen-3weq30r6t0s7t4abcd\",\"cenid\":\"cen-3weq30r6t0s7t4abcd\",\"cenOwnerId\":1234567890123456}",
            "{\"extraInfo\":{\"cenId\":\"cen-3weq30r6t0s7t4abcd\"}}",
            "{\"cenId\":\"cen-3weq30r6t0s7t4abcd\",\"cenOwnerId\":\"1\\ud800\"}",
        ],
        ["requestedBy"] = [.. NoText, .. NoLine, $"\"{new string('r', 101)}\""],
        ["note"] = [.. NoText, .. NoLine, $"\"{new string('n', 501)}\"", $"\"{new string('n', 60_000)}\""],
    };

    /// <summary>Each makes a body of a kind; the rarer ones are large.</summary>
    public static IReadOnlyList<(string Kind, int Weight, Func<Random, byte[]> Make)> Kinds { get; } =
    [
        ("body of random bytes", 10, RandomBytes),
        ("body with broken UTF-8", 8, BrokenUtf8),
        ("body that is deep", 4, random => Utf8(Deep(random))),
        ("body with a field twice", 8, random => Utf8(Twice(random))),
        ("body with a huge number", 5, random => Utf8(HugeNumber(random))),
        ("body of more than 64 KiB", 1, TooLong),
        ("body with a wrong field", 20, random => Utf8(WrongField(random))),
        ("body that was mutated", 20, Mutated),
        ("body with ExtraInfo in ExtraInfo", 5, random => Utf8(Nested(random))),
        ("body with unknown fields", 6, random => Utf8(Unknown(random))),
        ("body of another encoding", 4, OtherEncoding),
        ("body that is almost JSON", 8, random => Utf8(AlmostJson(random))),
    ];

    /// <summary>A body in which all is right, for a request with a defect elsewhere.</summary>
    public static string Valid { get; } = Object(Right);

    /// <summary>
    /// A body with a region that is none, for a request whose framing is broken: whatever of it is read is not acceptable.
    /// </summary>
    public static string Invalid { get; } = Object([("regionId", "\"CN_1\""), ("cenId", Cen)]);

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(1, random.Next(20) == 0 ? 4000 : 200)];
        random.NextBytes(bytes);
        // No white space, no brace and no byte order mark: what begins like this is not an object.
        bytes[0] = random.GetItems<byte>([0x00, 0x01, 0x22, 0x2D, 0x30, 0x5B, 0x7D, 0x80, 0xC3, 0xFE, 0xFF], 1)[0];
        return bytes;
    }

    private static byte[] BrokenUtf8(Random random)
    {
        byte[][] broken =
        [
            [0xFF], [0xFE], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x98],
        ];
        var body = Utf8(Shuffled(random, Right));
        var at = random.Next(body.Length + 1);
        return [.. body[..at], .. One(random, broken), .. body[at..]];
    }

    private static string Deep(Random random)
    {
        var depth = random.Next(17, random.Next(20) == 0 ? 6000 : 200);
        var value = random.Next(3) switch
        {
            0 => $"{new string('[', depth)}{new string(']', depth)}",
            1 => $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}1{new string('}', depth)}",
            // It is not even closed.
            _ => new string('[', depth),
        };
        return random.Next(3) == 0 ? value : With(random, One(random, ["note", "extraInfo", "cenOwnerId", "x"]), value);
    }

    private static string Twice(Random random)
    {
        var again = One(random, Right);
        var value = random.Next(2) == 0 ? again.Value : One(random, Wrong[again.Name]);
        var fields = Right.Append((OtherCase(random, again.Name), value));
        // A null counts as not given.
        return Shuffled(random, [.. fields.Select(field => field.Item2 == "null" ? (field.Item1, "0") : field)]);
    }

    private static string HugeNumber(Random random)
    {
        var digits = new string((char)('1' + random.Next(9)), random.Next(20, random.Next(50) == 0 ? 60_000 : 400));
        return With(random, One(random, ["cenOwnerId", "cenId", "regionId", "x"]), random.Next(6) switch
        {
            0 => digits,
            1 => $"-{digits}",
            2 => $"1e{digits}",
            3 => $"0.{digits}",
            4 => $"{digits}E-{digits.Length}",
            _ => $"\"{digits}\"",
        });
    }

    private static byte[] TooLong(Random random)
    {
        var length = MaxBytes + 1 + random.Next(random.Next(2) == 0 ? 3 : 60_000);
        return random.Next(3) switch
        {
            0 => Utf8(Valid.PadRight(length)),
            1 => Utf8(Valid.PadLeft(length)),
            _ => Utf8(With(random, "note", $"\"{new string('n', length)}\"")),
        };
    }

    private static string WrongField(Random random)
    {
        var name = One(random, Right).Name;
        return With(random, name, One(random, Wrong[name]));
    }

    private static byte[] Mutated(Random random)
    {
        // The region is none, and no mutation makes one of it: it stays what it is, or is part of something else.
        const string Anchor = "\"CN_1\"";
        var body = Shuffled(random, [.. Right.Select(field => field.Name == "regionId" ? (field.Name, Anchor) : field)]);
        var at = body.IndexOf(Anchor, StringComparison.Ordinal);
        return [.. Mutate(random, Utf8(body[..at])), .. Utf8(Anchor), .. Mutate(random, Utf8(body[(at + Anchor.Length)..]))];
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        var mutated = new List<byte>(bytes);
        for (var i = random.Next(1, 5); i > 0 && mutated.Count > 0; i--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.RemoveAt(at);
                    break;
                case 3:
                    mutated.Insert(at, One(random, "\"\\{}[]:,0-e.\0\n/"u8.ToArray()));
                    break;
                default:
                    mutated.InsertRange(at, mutated.GetRange(at, Math.Min(random.Next(1, 12), mutated.Count - at)));
                    break;
            }
        }

        return [.. mutated];
    }

    /// <summary>Text in text in text, of which only the first may be one.</summary>
    private static string Nested(Random random)
    {
        var value = ExtraInfo;
        if (random.Next(2) == 0)
        {
            for (var i = random.Next(2, 6); i > 0; i--)
            {
                value = JsonSerializer.Serialize(value);
            }
        }
        else
        {
            for (var i = random.Next(1, 20); i > 0; i--)
            {
                value = $"{{\"{OtherCase(random, "extraInfo")}\":{value}}}";
            }

            value = random.Next(2) == 0 ? value : JsonSerializer.Serialize(value);
        }

        return With(random, "extraInfo", value);
    }

    private static string Unknown(Random random)
    {
        string[] names =
        [
            "", " ", "x", "__proto__", "constructor", "$type", "$ref", "cenid ", "c\\u0000enId", "cen\\ud800Id",
            "\\ufeffregionId", "r\\u00e9gion",
            "REGION_ID", "extraInfo.cenId", "\\r\\nX-Evil: 1", "\\u202egion", new string('f', random.Next(1, 5000)),
        ];
        // Each with a name of its own, so that nothing else is wrong.
        var count = random.Next(1, 9);
        var fields = Enumerable.Range(0, count)
            .Select(i => (One(random, names) + (i == 0 ? "" : $"{i}"), One(random, Wrong["extraInfo"])));
        return Shuffled(random, [.. Right, .. fields]);
    }

    private static byte[] OtherEncoding(Random random)
    {
        var body = Shuffled(random, Right);
        byte[] mark = [0xEF, 0xBB, 0xBF];
        return random.Next(7) switch
        {
            0 => Encoding.Unicode.GetBytes(body),
            1 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(body)],
            2 => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(body)],
            3 => Encoding.UTF32.GetBytes(body),
            4 => [.. mark, .. mark, .. Utf8(body)],
            5 => [.. Utf8(body), .. mark],
            _ => [.. Utf8(body[..1]), .. mark, .. Utf8(body[1..])],
        };
    }

    private static string AlmostJson(Random random)
    {
        var body = Shuffled(random, Right);
        return random.Next(16) switch
        {
            0 => body + "{}",
            1 => body + "\0",
            2 => body + ",",
            3 => body + "// comment",
            4 => "/* comment */" + body,
            5 => body[..^1] + ",}",
            6 => body[..random.Next(1, body.Length - 1)],
            7 => body.Replace('"', '\''),
            8 => With(random, "cenOwnerId", One(random, NoNumbers)),
            9 => With(random, "note", One(random, NoValues)),
            10 => $"[{body}]",
            11 => JsonSerializer.Serialize(body),
            12 => ")]}',\n" + body,
            13 => body.Replace(':', '='),
            14 => body.Replace(":", "::", StringComparison.Ordinal),
            _ => new string(One(random, [' ', '\n', '\t']), random.Next(1, 500)),
        };
    }

    /// <summary>The right fields, but for one.</summary>
    private static string With(Random random, string name, string value) =>
        Shuffled(random, [.. Right.Where(field => field.Name != name), (name, value)]);

    /// <summary>Fields in any order, with any white space, and names in any case.</summary>
    private static string Shuffled(Random random, (string Name, string Value)[] fields)
    {
        random.Shuffle(fields = [.. fields]);
        var text = new StringBuilder("{");
        foreach (var (name, value) in fields)
        {
            var space = One(random, ["", "", "", " ", "\n", "\t\r\n"]);
            var spelled = random.Next(4) == 0 ? OtherCase(random, name) : name;
            text.Append(text.Length > 1 ? "," : "").Append(space).Append('"').Append(spelled).Append('"')
                .Append(space).Append(':').Append(space).Append(value);
        }

        return text.Append('}').ToString();
    }

    private static string OtherCase(Random random, string name) => name.Contains('\\', StringComparison.Ordinal)
        ? name
        : random.Next(3) switch
        {
            0 => name.ToUpperInvariant(),
            1 => name.ToLowerInvariant(),
            _ => name.Length == 0 ? "" : char.ToUpperInvariant(name[0]) + name[1..],
        };

    private static string Object((string Name, string Value)[] fields) =>
        $"{{{string.Join(',', fields.Select(field => $"\"{field.Name}\":{field.Value}"))}}}";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static T One<T>(Random random, T[] of) => of[random.Next(of.Length)];
}
