namespace EdsFunctions.Tests.Platforms;

/// <summary>
/// A delivery with a published signature, from Vectors/signatures.json. Includes the signature scheme, and how long the
/// signature is valid.
/// </summary>
internal sealed record SignedDelivery(
    string Name,
    SignatureScheme Scheme,
    string Secret,
    Dictionary<string, string> Headers,
    string Body,
    DateTimeOffset SignedAt,
    TimeSpan? MaxAge)
{
    /// <summary>The deliveries with a valid signature.</summary>
    public static IReadOnlyDictionary<string, SignedDelivery> All { get; } =
        Load("slack", "github", "standardWebhooks", "dingtalk", "teams");

    /// <summary>The deliveries with a well-formed signature that must not be valid.</summary>
    public static IReadOnlyDictionary<string, SignedDelivery> MustNotMatch { get; } =
        Load("dingtalkMustNotMatch", "teamsMustNotMatch");

    public SigningKeys Keys(params string[] secrets) => Scheme.ParseKeys(secrets);

    public SignatureCheck Verify() => Verify(SignedAt);

    public SignatureCheck Verify(DateTimeOffset now) => Verify(Keys(Secret), now: now);

    public SignatureCheck Verify(
        SigningKeys keys, HeaderDictionary? headers = null, byte[]? body = null, DateTimeOffset? now = null) =>
        Scheme.Verify(keys, headers ?? HeaderDictionary(), body ?? Encoding.UTF8.GetBytes(Body), now ?? SignedAt);

    public SignedDelivery With(string header, string value) =>
        this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };

    public HeaderDictionary HeaderDictionary()
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in Headers)
        {
            headers[name] = value;
        }

        return headers;
    }

    private static Dictionary<string, SignedDelivery> Load(params string[] sections)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "signatures.json"));
        using var document = JsonDocument.Parse(file);
        return sections
            .SelectMany(section => document.RootElement.GetProperty(section).EnumerateArray().Select((vector, i) =>
                Parse(section.Replace("MustNotMatch", "", StringComparison.Ordinal), $"{section}[{i}]", vector)))
            .ToDictionary(delivery => delivery.Name);
    }

    /// <summary>
    /// Reads a delivery. Defines the headers and the maximum ages itself, so that a mistake in the tested scheme is
    /// found.
    /// </summary>
    private static SignedDelivery Parse(string scheme, string name, JsonElement vector)
    {
        string Value(string property) => vector.TryGetProperty(property, out var value) ? value.GetString()! : "";
        var timestamp = Value("timestamp") is { Length: > 0 } digits
            ? long.Parse(digits, CultureInfo.InvariantCulture)
            : 0;
        var signedAt = DateTimeOffset.FromUnixTimeMilliseconds(scheme == "dingtalk" ? timestamp : timestamp * 1000);
        (SignatureScheme Verifier, int? MaxMinutes, (string Header, string Property)[] Headers) form = scheme switch
        {
            "slack" => (
                SlackPlatform.Signature,
                5,
                [("X-Slack-Signature", "signature"), ("X-Slack-Request-Timestamp", "timestamp")]),
            "github" => (GitHubSender.Signature, null, [("X-Hub-Signature-256", "signature")]),
            "standardWebhooks" => (
                StandardWebhooksSender.Signature,
                5,
                [("webhook-id", "id"), ("webhook-timestamp", "timestamp"), ("webhook-signature", "signature")]),
            "dingtalk" => (DingTalkPlatform.Signature, 60, [("timestamp", "timestamp"), ("sign", "sign")]),
            "teams" => (TeamsPlatform.Signature, null, [("Authorization", "authorization")]),
            _ => throw new ArgumentOutOfRangeException(nameof(scheme)),
        };
        var headers = form.Headers.ToDictionary(one => one.Header, one => Value(one.Property));
        TimeSpan? maxAge = form.MaxMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null;
        return new SignedDelivery(name, form.Verifier, Value("secret"), headers, Value("body"), signedAt, maxAge);
    }
}
