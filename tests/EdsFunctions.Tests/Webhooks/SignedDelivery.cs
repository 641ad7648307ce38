namespace EdsFunctions.Tests.Webhooks;

/// <summary>A delivery with a published signature, from Vectors/signatures.json, and the verifier of its scheme.</summary>
internal sealed record SignedDelivery(
    string Name,
    SignatureVerifier Verify,
    Func<IEnumerable<string>, SigningKeys> Keys,
    string Secret,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    DateTimeOffset SignedAt,
    TimeSpan? FreshFor,
    bool BodyIsSigned = true)
{
    private static readonly DateTimeOffset AnyTime = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What has to be valid.</summary>
    public static IReadOnlyDictionary<string, SignedDelivery> All { get; } =
        Load(["slack", "github", "standardWebhooks", "dingtalk", "teams"]);

    /// <summary>What must not be, though it looks like it.</summary>
    public static IReadOnlyDictionary<string, SignedDelivery> MustNotMatch { get; } = Load(["dingtalkMustNotMatch", "teamsMustNotMatch"]);

    public SignatureCheck Check() => Check(SignedAt, Keys([Secret]));

    public SignatureCheck Check(DateTimeOffset now, SigningKeys keys) => Verify(keys, HeaderDictionary(), Encoding.UTF8.GetBytes(Body), now);

    public SignedDelivery With(string header, string value) =>
        this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };

    public SignedDelivery Without(string header) =>
        this with { Headers = Headers.Where(one => one.Key != header).ToDictionary() };

    public HeaderDictionary HeaderDictionary()
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in Headers)
        {
            headers[name] = value;
        }

        return headers;
    }

    private static Dictionary<string, SignedDelivery> Load(string[] sections)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "signatures.json"));
        using var document = JsonDocument.Parse(file);
        return sections
            .SelectMany(section => document.RootElement.GetProperty(section).EnumerateArray()
                .Select((vector, i) => Read(section.Replace("MustNotMatch", "", StringComparison.Ordinal), $"{section}[{i}]", vector)))
            .ToDictionary(delivery => delivery.Name);
    }

    private static SignedDelivery Read(string scheme, string name, JsonElement vector)
    {
        string Text(string property) => vector.GetProperty(property).GetString()!;
        DateTimeOffset Seconds() => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Text("timestamp"), null));
        DateTimeOffset Milliseconds() => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Text("timestamp"), null));

        return scheme switch
        {
            "slack" => new(
                name, SlackSignature.Verify, SigningKeys.OfText, Text("secret"),
                new Dictionary<string, string>
                {
                    ["X-Slack-Signature"] = Text("signature"),
                    ["X-Slack-Request-Timestamp"] = Text("timestamp"),
                },
                Text("body"), Seconds(), TimeSpan.FromMinutes(5)),
            "github" => new(
                name, GitHubSignature.Verify, SigningKeys.OfText, Text("secret"),
                new Dictionary<string, string> { ["X-Hub-Signature-256"] = Text("signature") },
                Text("body"), AnyTime, FreshFor: null),
            "standardWebhooks" => new(
                name, StandardWebhooksSignature.Verify, SigningKeys.OfStandardWebhooks, Text("secret"),
                new Dictionary<string, string>
                {
                    ["webhook-id"] = Text("id"),
                    ["webhook-timestamp"] = Text("timestamp"),
                    ["webhook-signature"] = Text("signature"),
                },
                Text("body"), Seconds(), TimeSpan.FromMinutes(5)),
            "dingtalk" => new(
                name, DingTalkSignature.Verify, SigningKeys.OfText, Text("secret"),
                new Dictionary<string, string> { ["timestamp"] = Text("timestamp"), ["sign"] = Text("sign") },
                """{"msgtype":"text"}""", Milliseconds(), TimeSpan.FromHours(1), BodyIsSigned: false),
            "teams" => new(
                name, TeamsSignature.Verify, SigningKeys.OfBase64, Text("secret"),
                new Dictionary<string, string> { ["Authorization"] = Text("authorization") },
                Text("body"), AnyTime, FreshFor: null),
            _ => throw new InvalidOperationException($"Not a scheme: {scheme}"),
        };
    }
}
