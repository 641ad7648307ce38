using EdsFunctions.Tests.ChatOps;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// Situations that no other test gets an app into, and in which something confidential comes back to it: in an error of
/// Alibaba or the vault, from a damaged database, or in a request that has it in the wrong place. Disposing the app
/// checks that it goes no further.
/// </summary>
public sealed class EchoedSecretsTests
{
    private const string Owner = "8231764509128345";
    private const string Code = "739182";
    private const string AccessKeySecret = "wK7/secret+Of-The-Echo.Tests~x9Z=";
    private const string SecurityToken = "CAIS8wF1q6Ft5B2y/Token+Of/The/Tests/9f8e7d==";
    private const string Echo = $"TEXT-OF-ALIBABA {SecurityToken} {Owner} {AccessKeySecret}";

    private static readonly string Key = JsonSerializer.Serialize(
        new { accessKeyId = "LTAI", accessKeySecret = AccessKeySecret, securityToken = SecurityToken });

    private static Dictionary<string, RawHttpReply> AlibabaResponses { get; } = new()
    {
        ["error"] = Json(
            400, $$"""{"RequestId":"R","Code":"InvalidParameter","Message":"{{Echo}}","HostId":"{{Echo}}"}"""),
        ["denied"] = Json(403, $$"""
            {
              "RequestId": "R", "Code": "Forbidden.RAM", "Message": "{{Echo}}",
              "AccessDeniedDetail": { "AuthPrincipalOwnerId": "{{Owner}}", "AuthAction": "ecd:SendVerifyCode" }
            }
            """),
        ["invalid code"] = Json(400, $$"""{"RequestId":"R","Code":"{{Echo}}"}"""),
        ["invalid request id"] = Json(200, $$"""{"RequestId":"{{Echo}}"}"""),
        ["invalid action"] = Json(403, $$"""
            { "RequestId": "R", "Code": "Forbidden.RAM", "AccessDeniedDetail": { "AuthAction": "{{Echo}}" } }
            """),
        ["page of a proxy"] = RawHttpReply.Answers(502, "text/html", $"<h1>{Echo}</h1>", ("Via", Echo)),
        ["header"] = RawHttpReply.Answers(
            404, "application/json", "{}", ("x-acs-retry-after", Echo), ("Set-Cookie", Echo)),
        ["redirect"] = RawHttpReply.Answers(302, "text/html", Echo, ("Location", "http://127.0.0.1:9/?x=" + Echo)),
        ["not HTTP"] = new RawHttpReply(Echo + "\r\n\r\n", RawHttpReply.Ending.Close),
        ["truncated"] = Json(200, $$"""{"Message":"{{Echo}}","RequestId":"R"}""").CutTo(160),
    };

    /// <summary>Secrets that are not a key, and responses of something that is not the vault.</summary>
    private static Dictionary<string, VaultReply> VaultResponses { get; } = new()
    {
        ["not JSON"] = VaultReply.Secret($"LTAI:{AccessKeySecret}"),
        ["truncated"] = VaultReply.Secret(Key[..^5]),
        ["lone surrogate"] = VaultReply.Secret(Key.Replace("CAIS", "CAIS\\ud800", StringComparison.Ordinal)),
        ["secret of another type"] = VaultReply.Secret(
            $$"""{"accessKeyId":"a","accessKeySecret":["{{AccessKeySecret}}"]}"""),
        ["secret as a name"] = VaultReply.Secret($$"""{"accessKeyId":"a","{{AccessKeySecret}}":1}"""),
        ["line break"] = VaultReply.Key("LTAI", AccessKeySecret + "\n"),
        ["space in the token"] = VaultReply.Key("LTAI", "a", " " + SecurityToken),
        ["page of a proxy"] = new VaultReply(502, $"<h1>{Key} {FakeKeyVault.Token}</h1>"),
        ["error"] = VaultReply.Error(400, FakeKeyVault.Token),
    };

    /// <summary>SQL that makes a record unreadable, or the database fail with an error that quotes it.</summary>
    private static Dictionary<string, string> Damages { get; } = new()
    {
        ["no table"] = "DROP TABLE verifications",
        ["failing update"] =
            "CREATE TRIGGER broken BEFORE UPDATE ON verifications BEGIN SELECT abs(-9223372036854775807 - 1); END",
        ["truncated"] = "UPDATE verifications SET document = substr(document, 1, 160)",
        ["not JSON"] = Replace("{", ""),
        ["owner as a string"] = Replace(Owner, $"\"{Owner}x\""),
        ["owner as the CEN"] = Replace("\"cenId\":\"cen-", $"\"cenId\":\"{Owner}"),
        ["owner as the state"] = Replace("\"state\":\"", $"\"state\":\"{Owner}"),
        ["owner as a date"] = Replace("\"createdAt\":\"", $"\"createdAt\":\"{Owner}"),
        ["owner as the id"] = Replace("\"id\":\"", $"\"id\":\"{Owner}"),
        ["owner as the answer"] = $"UPDATE idempotency_keys SET answer = '{{\"status\":\"{Owner}\"}}'",
        ["owner as a reference"] = $"UPDATE idempotency_keys SET verification_id = '{Owner}'",
    };

    public static TheoryData<string> AlibabaResponseNames => [.. AlibabaResponses.Keys];

    public static TheoryData<string> VaultResponseNames => [.. VaultResponses.Keys];

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(AlibabaResponseNames))]
    public async Task Alibaba_repeats_the_request(string name)
    {
        await using var alibaba = RawHttpServer.Start(AlibabaResponses[name]);
        await using var app = await StartAsync(
            new()
            {
                ["Alibaba:EndpointOverride"] = alibaba.Url.ToString(),
                ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = AccessKeySecret,
                ["ALIBABA_CLOUD_SECURITY_TOKEN"] = SecurityToken,
            },
            CollectFrameworkLogs);

        var response = await SendAsync(app);

        Assert.InRange(response.Status, 500, 599);
        await ReadEverythingAsync(app, response.Id);
    }

    /// <summary>
    /// The responses of what is not the vault are in the logs of the Azure SDK, which the app's filters leave out: they
    /// stay in force.
    /// </summary>
    [Theory]
    [MemberData(nameof(VaultResponseNames))]
    public async Task The_vault_returns_something_else(string name)
    {
        await using var vault = new FakeKeyVault(VaultResponses[name]);
        await using var app = await StartAsync(
            new() { ["KeyVault:Uri"] = vault.Url.ToString() }, services => services.AddSingleton(vault.Client()));

        (await app.Api.GetAsync("health")).ShouldBe(503);
        var response = await SendAsync(app);

        response.ShouldBeProblem(503, "not-sent");
        await ReadEverythingAsync(app, response.Id);
    }

    [Theory]
    [MemberData(nameof(DamageNames))]
    public async Task The_database_is_damaged(string name)
    {
        await using var app = await StartAsync(new(), CollectFrameworkLogs);
        var sent = (await SendAsync(app, "an-idempotency-key")).ShouldBe(201);
        Execute(app.Services.GetRequiredService<IOptions<VerificationOptions>>().Value.SqlitePath, Damages[name]);

        await SendAsync(app, "an-idempotency-key");
        await SendAsync(app);
        await ReadEverythingAsync(app, sent.Id);
        await app.Api.CompleteAsync(sent.Id);

        Assert.Contains(app.Log.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData("Slack")]
    [InlineData("Teams")]
    [InlineData("DingTalk")]
    public async Task A_chat_message_has_codes_and_account_ids_in_the_wrong_place(string name)
    {
        var platform = FakeChatPlatform.All[name];
        await using var room = await ChatRoom.OpenAsync(name);
        room.App.Secrecy.Secrets.AddCode(Code);
        room.App.Secrecy.Secrets.AddAccount(Owner);
        room.App.Secrecy.Secrets.Add("response URL of the platform", "96rGlfmibIGlgcZRskXaIFfN");

        foreach (var text in new[]
                 {
                     Code, $"done {Code}", $"show {Code}", $"check {Code} {Owner}", Owner, $"{Owner}x", $"show {Owner}",
                     $"cancel {Owner}", $"send {Owner}", $"send {Code}x {Owner}", $"send cen-x {Code}", $"pending {Owner}",
                     $"send cen-x {Owner} {Owner}1", $"send cen-x x{Owner}", $"sned cen-x {Owner}",
                     $"send https://example.com/{Owner}?code={Code}",
                 })
        {
            await room.SayAsync(text);
        }

        var forged = platform.Sign(room.Typed($"send cen-x {Owner}"), platform.OtherSecret, room.App.Time.GetUtcNow());
        (await room.DeliverAsync(forged)).ShouldBe(401);
    }

    [Fact]
    public async Task Wrong_codes_are_used_and_Alibaba_lists_the_office_networks()
    {
        await using var app = await StartAsync(new() { ["Reconcile:Enabled"] = "true" });
        var sent = (await SendAsync(app)).ShouldBe(201);
        Task<ApiResponse> UseAsync(string operation, string with) => app.Api.PostAsync(
            $"verifications/{sent.Id}/{operation}", $$"""{{{with}},"verifyCode":"{{Code}}"}""");

        foreach (var with in new[]
                 {
                     "\"cidrBlock\":\"192.168.7.0/24\"", "\"officeSiteId\":\"cn-hangzhou+dir-2051660961\"",
                     "\"cidrBlock\":[]", $"\"{Code}\":1", $"\"officeSiteId\":\"../{Code}\"",
                 })
        {
            await UseAsync("check", with);
            Assert.NotEqual(200, (await UseAsync("attach", with)).Status);
        }

        await app.RunReportAsync();
        Assert.Contains(app.Alibaba.Requests.Items, request => request.Action == "DescribeOfficeSites");
    }

    private static Task<EdsApp> StartAsync(
        Dictionary<string, string?> settings, Action<IServiceCollection>? configure = null) => EdsApp.StartAsync(
            new(settings) { ["StaleReport:Threshold"] = "00:00:00", ["Alibaba:Timeout"] = "00:00:02" },
            configure,
            realTime: true);

    private static async Task<ApiResponse> SendAsync(EdsApp app, string? key = null)
    {
        app.Secrecy.Secrets.Add("access key secret", AccessKeySecret);
        app.Secrecy.Secrets.Add("security token", SecurityToken);
        app.Secrecy.Secrets.Add("token for the vault", FakeKeyVault.Token);
        app.Secrecy.Secrets.Add("text of Alibaba", "TEXT-OF-ALIBABA");
        app.Secrecy.Secrets.Add("text of the vault", "VAULT-MESSAGE");
        return await app.Api.SendAsync(A.Verification.OwnedBy(long.Parse(Owner, CultureInfo.InvariantCulture)), key);
    }

    /// <summary>Asks for everything that shows a record; each of it may fail.</summary>
    private static async Task ReadEverythingAsync(EdsApp app, Guid id)
    {
        await app.Api.GetAsync(id);
        await app.Api.GetAsync("verifications");
        await app.Api.GetAsync("reports/stale");
        await app.Api.GetAsync("health");
        await Record.ExceptionAsync(app.RunReportAsync);
    }

    /// <summary>The app must not rely on its log filters here: an operator may change them.</summary>
    private static void CollectFrameworkLogs(IServiceCollection services) =>
        services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            filters.Rules.Clear();
            filters.MinLevel = LogLevel.Trace;
        });

    private static string Replace(string old, string with) =>
        $"UPDATE verifications SET document = replace(document, '{old}', '{with}')";

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        // The SQL is a constant of this test.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static RawHttpReply Json(int status, string body) => RawHttpReply.Answers(status, "application/json", body);
}
