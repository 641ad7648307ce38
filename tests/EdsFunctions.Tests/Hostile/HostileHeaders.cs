namespace EdsFunctions.Tests.Hostile;

/// <summary>Headers that make a request unacceptable, and framing that is broken.</summary>
internal static class HostileHeaders
{
    private static readonly string[] Types =
    [
        "", " ", "text/plain", "text/json", "text/html; charset=utf-8", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16", "application/json; charset=latin1", "application/json;charset=\"utf-7\"",
        "application/jsonx",
        "application/x-json-stream", "application/json5", "application", "/", "json", "application/", "application/json/x",
        "application/json, text/plain", "application/json;;;x", "*/*", "application/*", "application/json\tx",
        "application\\json",
        "application/octet-stream", "application/xml", "(comment) application/json",
    ];

    /// <summary>Visible ASCII, without the plus that could make a suffix of what follows.</summary>
    private const string NoSuffix = "!#$%&'*-.0123456789ABCXYZ^_`abcxyz|~/;=,\"(){}<>?@[]:";

    public static IReadOnlyList<(string Kind, int Weight, Func<Random, HostileRequest> Make)> Kinds { get; } =
    [
        ("content type", 6, random => Valid("content type", ContentType(random))),
        ("content encoding", 3, random => Valid("content encoding", ContentEncoding(random))),
        ("idempotency key", 8, random => Valid("idempotency key", IdempotencyKey(random))),
        ("header injection", 5, Injection),
        ("oversized header", 2, Oversized),
        ("broken header", 3, Broken),
        ("broken chunks", 4, Chunked),
        ("wrong content length", 4, WrongLength),
    ];

    /// <summary>A body in which all is right, so that only the header is to blame.</summary>
    private static HostileRequest Valid(string kind, string headers)
    {
        var type = headers.StartsWith("Content-Type", StringComparison.Ordinal) ? "" : HostileRequest.Json;
        var body = HostileBodies.Valid;
        // The web server refuses some of the keys by itself.
        return Post(
            kind,
            $"{headers}{type}Content-Length: {body.Length}",
            body,
            kind == "idempotency key" ? HostileRequest.By.Either : HostileRequest.By.App);
    }

    private static string ContentType(Random random) => random.Next(4) switch
    {
        0 => "Content-Type: application/json\r\nContent-Type: application/json\r\n",
        1 => $"Content-Type: x{Visible(random, random.Next(1, 80))}\r\n",
        _ => $"Content-Type: {One(random, Types)}\r\n",
    };

    private static string ContentEncoding(Random random) =>
        $"Content-Encoding: {One(random, ["gzip", "br", "deflate", "zstd", "identity", "x", "gzip, br", "", "*"])}\r\n";

    private static string IdempotencyKey(Random random) => random.Next(6) switch
    {
        0 => $"Idempotency-Key: {new string('k', random.Next(256, 4000))}\r\n",
        1 => $"Idempotency-Key: {Visible(random, 5)} {Visible(random, 5)}\r\n",
        2 => "Idempotency-Key: one\r\nIdempotency-Key: two\r\n",
        3 => $"idempotency-KEY: a{(char)random.Next(0x7F, 0x100)}b\r\n",
        4 => $"Idempotency-Key: a{(char)random.Next(0, 0x20)}b\r\n".Replace("a\nb", "a\tb", StringComparison.Ordinal),
        _ => "Idempotency-Key: \r\n",
    };

    /// <summary>What would follow if a value could end its header, or its message.</summary>
    private static HostileRequest Injection(Random random)
    {
        var name = One(random, ["Idempotency-Key", "Content-Type", "User-Agent", "X-Forwarded-For", "Cookie", "traceparent"]);
        var end = One(random, ["\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\r\n ", "\0", "\u0085", "%0d%0a", "\\r\\n"]);
        var smuggled = One(random,
        [
            "X-Evil: 1", "Content-Length: 0", "Transfer-Encoding: chunked", "HTTP/1.1 200 OK", "Host: evil.com",
            "Content-Length: 5\r\nContent-Length: 6",
            $"POST /api/verifications HTTP/1.1\r\nHost: a\r\n{HostileRequest.Json}"
                + $"Content-Length: {HostileBodies.Invalid.Length}\r\n\r\n{HostileBodies.Invalid}",
        ]);
        return Whole("header injection", $"{name}: abc{end}{smuggled}\r\n", HostileBodies.Invalid);
    }

    private static HostileRequest Oversized(Random random)
    {
        var headers = random.Next(3) switch
        {
            0 => $"X-Long: {new string('x', random.Next(33_000, 70_000))}\r\n",
            1 => $"{new string('n', random.Next(33_000, 70_000))}: x\r\n",
            _ => string.Concat(Enumerable.Repeat("X: 1\r\n", random.Next(101, 600))),
        };
        return Whole("oversized header", headers, HostileBodies.Invalid);
    }

    private static HostileRequest Broken(Random random) => Whole(
        "broken header",
        One(random,
        [
            "no colon\r\n", ": no name\r\n", "X Y: 1\r\n", "X-Y : 1\r\n", " folded: 1\r\n", "X: 1\r\n\tfolded\r\n", "\0: 1\r\n",
            "X\u00ff: 1\r\n",
            "Host: b\r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: [::1\r\n", "Host: a:99999999\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Transfer-Encoding: chunked, gzip\r\n", "Expect: 100-continue\r\n", "Expect: the unexpected\r\n",
            "Connection: close, x\r\n",
            "Upgrade: websocket\r\nConnection: Upgrade\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA\r\n",
            "Content-Type:application/json\r\r\n", $"X: {(char)random.Next(1, 9)}\r\n",
        ]),
        HostileBodies.Invalid);

    private static HostileRequest Chunked(Random random)
    {
        var body = HostileBodies.Valid;
        var half = random.Next(1, body.Length - 1);
        var first = $"{half:x}\r\n{body[..half]}\r\n";
        // What is right in itself stops short: the last chunk, or a part of it, is not there.
        var way = random.Next(12);
        var chunks = way switch
        {
            0 => first,
            1 => first + "zz\r\n",
            2 => first + "-1\r\n",
            3 => first + "ffffffffffffffffff\r\n",
            4 => first + $"{body.Length - half:x}\r\n{body[half..]}",
            5 => first + $"{body.Length:x}\r\n{body[half..]}\r\n0\r\n\r\n",
            6 => $"{half:x}\r\n{body[..half]}0\r\n\r\n",
            7 => $"{half:x}\n{body[..half]}\n0\n\n",
            8 => first + $"5;{new string('e', random.Next(1, 40_000))}",
            9 => first + "0\r\n" + string.Concat(Enumerable.Repeat("X-Trailer: 1\r\n", random.Next(1, 300))),
            10 => "0\r\n\r\n" + body,
            _ => " " + first,
        };
        return Post(
            "broken chunks",
            $"{HostileRequest.Json}Transfer-Encoding: chunked",
            chunks,
            way is 0 or 4 or 5 or 8 or 9 ? HostileRequest.By.AnyoneAfterTheEnd : HostileRequest.By.Anyone);
    }

    private static HostileRequest WrongLength(Random random)
    {
        var body = HostileBodies.Valid;
        var way = random.Next(9);
        var length = way switch
        {
            0 => $"{random.Next(1, body.Length - 1)}",
            1 => $"{body.Length + random.Next(1, 100_000)}",
            2 => "-1",
            3 => "99999999999999999999",
            4 => "0x10",
            5 => $"{body.Length}, {body.Length}",
            6 => $"{body.Length}\r\nContent-Length: {body.Length + 1}",
            7 => "",
            _ => "0",
        };
        return Post(
            "wrong content length",
            $"{HostileRequest.Json}Content-Length: {length}",
            body,
            way == 1 ? HostileRequest.By.AnyoneAfterTheEnd : HostileRequest.By.Anyone);
    }

    private static HostileRequest Whole(string kind, string headers, string body) =>
        Post(kind, $"{HostileRequest.Json}{headers}Content-Length: {body.Length}", body, HostileRequest.By.Anyone);

    private static HostileRequest Post(string kind, string headers, string body, HostileRequest.By answered) => new(
        kind, [.. HostileRequest.Head("POST /api/verifications", $"{headers}\r\n"), .. Encoding.ASCII.GetBytes(body)], answered);

    private static string Visible(Random random, int length) =>
        string.Create(length, random, (text, random) => random.GetItems(NoSuffix, text));

    private static T One<T>(Random random, T[] of) => of[random.Next(of.Length)];
}
