namespace EdsFunctions.Tests.Hostile;

/// <summary>Request lines, routes and queries that lead nowhere.</summary>
internal static class HostileTargets
{
    public const string Version = "version of HTTP";

    private static readonly string[] Segments =
    [
        "..", ".", "%2e%2e", "%2E.", "%2f", "%5c", "..%5c..", "%25", "%252e", "%c0%af", "%e2%80%ae", "%f0%9f%98%80", "%ff", "%",
        "%zz", "%u002e", ";x=1",
        "", "api", "verifications", "reports", "health", "complete", "{id}", "{id:guid}", "<script>", "'", "\"", "`id`",
        "$(id)", "~", "*", "|", "\\",
        "verifications%2f", "con", "nul", "-1", "0", "00000000-0000-0000-0000-000000000000",
    ];

    private static readonly string[] Methods =
        ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "delete", "PoSt1", "M-SEARCH", "X", "A!#$%&'*+-.^_`|~"];

    private static readonly string[] Versions = ["9.9", "2.0", "1.2", "0.9", "3", "1.10", "x"];

    private static readonly string[] Nowhere = ["nothing", "verifications%00", "nothing.", "nothing;x", "%6eothing"];

    private static readonly string[] BadQueries =
    [
        "x=1", "x", "=", "=1", "%00=1", "%zz=1", "state[]=open", "__proto__=1", "cancellationToken=x", "request=x", "id=1",
        "state=", "state=0", "state=open,closed", "state=%00", "state=open%00", "state=%20open", "state=sending%20or%201%3d1",
        "state=open&state=closed",
        "regionId=", "regionId=..", "regionId=evil.com", "regionId=%0d%0aX:1", "regionId=CN", "regionId=cn-hangzhou%00",
        "regionId=%ff", "regionId=a&RegionId=b",
        "olderThan=", "olderThan=-1", "olderThan=-00:01:00", "olderThan=99999999999.00:00:00", "olderThan=P99999999999Y",
        "olderThan=PT1E9S", "olderThan=24:00:00:00:00",
        "olderThan=PT", "olderThan=%2b1", "olderThan=NaN", "olderThan=36501.00:00:00",
        "limit=0", "limit=201", "limit=-1", "limit=1e1", "limit=0x10", "limit=1.0", "limit=+1", "limit=%201",
        "limit=99999999999", "limit=%ef%bc%91", "limit=1;2",
        "limit=1&limit=1", "limit=1&LIMIT=1", "after=", "after=0", "after=%7B00000000-0000-0000-0000-000000000000%7D",
        "after=00000000000000000000000000000000",
        "after=00000000-0000-0000-0000-000000000000%00", "after=..", "code=1&code=2",
    ];

    private static readonly string[] GoodQueries = ["state=open", "limit=5", "regionId=cn-hangzhou", "olderThan=PT1H", "code=a"];

    public static IReadOnlyList<(string Kind, int Weight, Func<Random, HostileRequest> Make)> Kinds { get; } =
    [
        ("path", 10, Path),
        ("id that is odd", 8, OddId),
        ("method", 5, Method),
        ("query", 14, Query),
        ("request line", 4, Line),
        (Version, 1, random => Raw(Version, $"GET /api/health HTTP/{One(random, Versions)}\r\nHost: a\r\n\r\n")),
    ];

    /// <summary>Whatever goes before, no route ends like this; and nothing after it can take it away again.</summary>
    private static HostileRequest Path(Random random)
    {
        var segments = Enumerable.Range(0, random.Next(0, 8)).Select(_ => One(random, Segments));
        var prefix = random.Next(2) == 0 ? "/api/" : "/";
        var path = prefix + string.Join('/', segments.Append(One(random, Nowhere)));
        var method = One(random, ["GET", "POST"]);
        return Bare("path", $"{method} {path}");
    }

    /// <summary>No verification has any of them.</summary>
    private static HostileRequest OddId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var guid = new Guid(bytes);
        var id = random.Next(12) switch
        {
            0 => guid.ToString("N"),
            1 => guid.ToString("B"),
            2 => guid.ToString("P"),
            3 => Uri.EscapeDataString(guid.ToString("X")),
            4 => guid.ToString().ToUpperInvariant(),
            5 => $"%20{guid}%20",
            6 => $"{guid}%00",
            7 => guid.ToString()[..^1],
            8 => $"{guid}{guid}",
            9 => Uri.EscapeDataString($"{guid}'--"),
            10 => guid.ToString().Replace('-', '\u2010').Replace("\u2010", "%e2%80%90", StringComparison.Ordinal),
            _ => guid.ToString("D"),
        };
        return random.Next(3) == 0
            ? Bare("id that is odd", $"GET /api/verifications/{id}")
            : Bare("id that is odd", $"POST /api/verifications/{id}/{One(random, ["complete", "cancel"])}");
    }

    private static HostileRequest Method(Random random)
    {
        var one = $"verifications/{Guid.Empty}";
        var path = One(random, ["verifications", one, $"{one}/complete", "reports/stale", "health", "openapi.json"]);
        return Bare("method", $"{One(random, Methods)} /api/{path}");
    }

    private static HostileRequest Query(Random random)
    {
        var bad = random.Next(40) == 0
            ? $"{One(random, ["x", "after", "state", "limit"])}={new string('9', random.Next(1, 7000))}9999"
            : One(random, BadQueries);
        string[] query = [bad, .. GoodQueries.Where(_ => random.Next(3) == 0)];
        random.Shuffle(query);
        return Bare("query", $"GET /api/verifications?{string.Join('&', query)}") with { Answered = HostileRequest.By.App };
    }

    private static HostileRequest Line(Random random)
    {
        var junk = new byte[random.Next(1, 300)];
        random.NextBytes(junk);
        // Not a letter: what begins like this is no method.
        junk[0] = 0x16;
        return random.Next(14) switch
        {
            0 => new HostileRequest("request line", junk, HostileRequest.By.AnyoneAfterTheEnd),
            1 => Raw("request line", "GET\r\n\r\n"),
            2 => Raw("request line", "GET  /api/health HTTP/1.1\r\nHost: a\r\n\r\n"),
            3 => Raw("request line", "GET /api/he\talth HTTP/1.1\r\nHost: a\r\n\r\n"),
            4 => Raw("request line", "GET /api/health\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
            5 => Raw("request line", "GET api/health HTTP/1.1\r\nHost: a\r\n\r\n"),
            6 => Raw("request line", "GET http://evil.com/api/health HTTP/1.1\r\nHost: a\r\n\r\n"),
            7 => Raw("request line", "GET /api/health HTTP/1.1\r\n\r\n"),
            8 => Raw("request line", $"GET /api/x?x={new string('x', random.Next(8200, 30_000))} HTTP/1.1\r\nHost: a\r\n\r\n"),
            9 => Raw("request line", $"{new string('M', random.Next(9000, 30_000))} /api/health HTTP/1.1\r\nHost: a\r\n\r\n"),
            10 => Raw("request line", "CONNECT /api/health HTTP/1.1\r\nHost: a\r\n\r\n"),
            11 => Raw("request line", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"),
            12 => Raw("request line", "* * HTTP/1.1\r\nHost: a\r\n\r\n"),
            _ => Raw("request line", "DELETE /api/health HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\0\0\0\u00ff\u00ff"),
        };
    }

    /// <summary>A request without a body.</summary>
    private static HostileRequest Bare(string kind, string line) =>
        new(kind, HostileRequest.Head(line, "Content-Length: 0\r\n"), HostileRequest.By.Either);

    private static HostileRequest Raw(string kind, string text) =>
        new(kind, Encoding.Latin1.GetBytes(text), HostileRequest.By.Anyone);

    private static T One<T>(Random random, T[] of) => of[random.Next(of.Length)];
}
