using EdsFunctions.Tests.ChatOps;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// The app gets a confidential text from outside: in an error of Alibaba or of the vault, from a corrupt database, or
/// in the wrong place of a request. When a test disposes the app, it checks that the app has not shown this text.
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

    private static readonly RawHttpReply[] AlibabaResponses =
    [
        Json(400, $$"""{"RequestId":"R","Code":"InvalidParameter","Message":"{{Echo}}","HostId":"{{Echo}}"}"""),
        Json(403, $$"""
            {
              "RequestId": "R", "Code": "Forbidden.RAM", "Message": "{{Echo}}",
              "AccessDeniedDetail": { "AuthPrincipalOwnerId": "{{Owner}}", "AuthAction": "ecd:SendVerifyCode" }
            }
            """),
        Json(400, $$"""{"RequestId":"R","Code":"{{Echo}}"}"""),
        Json(200, $$"""{"RequestId":"{{Echo}}"}"""),
        Json(403, $$"""{"RequestId":"R","Code":"Forbidden.RAM","AccessDeniedDetail":{"AuthAction":"{{Echo}}"} }"""),
        RawHttpReply.Create(502, "text/html", $"<h1>{Echo}</h1>", ("Via", Echo)),
        RawHttpReply.Create(404, "application/json", "{}", ("x-acs-retry-after", Echo), ("Set-Cookie", Echo)),
        RawHttpReply.Create(302, "text/html", Echo, ("Location", "http://127.0.0.1:9/?x=" + Echo)),
        new RawHttpReply(Echo + "\r\n\r\n", RawHttpReply.ConnectionAction.Close),
        Json(200, $$"""{"Message":"{{Echo}}","RequestId":"R"}""").CutTo(160),
    ];

    /// <summary>
    /// Responses of the vault with a secret that contains no access key, and responses of another server.
    /// </summary>
    private static readonly RawHttpReply[] VaultResponses =
    [
        VaultReply.Secret($"LTAI:{AccessKeySecret}"),
        VaultReply.Secret(Key[..^5]),
        VaultReply.Secret(Key.Replace("CAIS", "CAIS\\ud800", StringComparison.Ordinal)),
        VaultReply.Secret($$"""{"accessKeyId":"a","accessKeySecret":["{{AccessKeySecret}}"]}"""),
        VaultReply.Secret($$"""{"accessKeyId":"a","{{AccessKeySecret}}":1}"""),
        VaultReply.Key("LTAI", AccessKeySecret + "\n" + AccessKeySecret),
        VaultReply.Key("LTAI", "a", "a " + SecurityToken),
        RawHttpReply.Create(502, "text/html", $"<h1>{Key} {FakeKeyVault.Token}</h1>"),
        VaultReply.Error(400, FakeKeyVault.Token),
    ];

    [Fact]
    public async Task Send_AlibabaEchoesTheRequest_LeaksNothing()
    {
        await using var alibaba = RawHttpServer.Start(AlibabaResponses);
        await using var app = await StartAsync(
            new()
            {
                ["Alibaba:EndpointOverride"] = alibaba.Url.ToString(),
                ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = AccessKeySecret,
                ["ALIBABA_CLOUD_SECURITY_TOKEN"] = SecurityToken,
            },
            CollectFrameworkLogs);

        foreach (var _ in AlibabaResponses)
        {
            var response = await SendAsync(app);
            Assert.InRange(response.Status, 500, 599);
            await ReadRecordsAsync(app, response.Id);
        }

        Assert.Equal(AlibabaResponses.Length, alibaba.Requests.Count);
    }

    /// <summary>
    /// Keeps the log filters of the app, which exclude the logs of the Azure SDK, because the SDK logs responses.
    /// </summary>
    [Fact]
    public async Task Send_VaultReturnsAnUnusableSecret_LeaksNothing()
    {
        await using var vault = new FakeKeyVault(VaultReply.NoSuchSecret);
        await using var app = await EdsApp.StartAsync(
            new() { ["KeyVault:Uri"] = vault.Url.ToString() }, services => services.AddSingleton(vault.Client()));

        foreach (var reply in VaultResponses)
        {
            vault.Reply = reply;
            app.Time.Advance(TimeSpan.FromMinutes(1));

            (await app.Api.GetAsync("health")).ShouldBe(503);
            var response = await SendAsync(app);
            response.ShouldBeProblem(503, "not-sent");
            await ReadRecordsAsync(app, response.Id);
        }

        Assert.InRange(vault.Reads.Count, VaultResponses.Length, int.MaxValue);
    }

    /// <summary>
    /// SQL that makes a record unreadable, or that makes the database throw an error that quotes the record.
    /// </summary>
    [Theory]
    [InlineData("DROP TABLE verifications")]
    [InlineData("CREATE TRIGGER broken BEFORE UPDATE ON verifications BEGIN SELECT abs(-9223372036854775807 - 1); END")]
    [InlineData("UPDATE verifications SET document = substr(document, 1, 160)")]
    [InlineData("UPDATE verifications SET document = replace(document, '{', '')")]
    [InlineData($"UPDATE verifications SET document = replace(document, '{Owner}', '\"{Owner}x\"')")]
    [InlineData($"UPDATE verifications SET document = replace(document, '\"cenId\":\"cen-', '\"cenId\":\"{Owner}')")]
    [InlineData($"UPDATE verifications SET document = replace(document, '\"state\":\"', '\"state\":\"{Owner}')")]
    [InlineData(
        $"UPDATE verifications SET document = replace(document, '\"createdAt\":\"', '\"createdAt\":\"{Owner}')")]
    [InlineData($"UPDATE verifications SET document = replace(document, '\"id\":\"', '\"id\":\"{Owner}')")]
    [InlineData($"UPDATE idempotency_keys SET answer = '{{\"status\":\"{Owner}\"}}'")]
    [InlineData($"UPDATE idempotency_keys SET verification_id = '{Owner}'")]
    public async Task Request_DatabaseIsCorrupt_LeaksNothing(string damage)
    {
        await using var app = await StartAsync(new(), CollectFrameworkLogs);
        var sent = (await SendAsync(app, "an-idempotency-key")).ShouldBe(201);
        Execute(app.Services.GetRequiredService<IOptions<VerificationOptions>>().Value.SqlitePath, damage);

        await SendAsync(app, "an-idempotency-key");
        await SendAsync(app);
        await ReadRecordsAsync(app, sent.Id);
        await app.Api.CompleteAsync(sent.Id);

        Assert.Contains(app.Log.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task Command_CodesAndAccountIdsInTheWrongPlace_LeaksNothing(string name)
    {
        var platform = FakeChatPlatform.All[name];
        await using var session = await ChatSession.OpenAsync(name);
        session.App.Secrecy.Secrets.AddCode(Code);
        session.App.Secrecy.Secrets.AddAccount(Owner);
        session.App.Secrecy.Secrets.Add("response URL of the platform", "96rGlfmibIGlgcZRskXaIFfN");

        foreach (var text in new[]
                 {
                     Code, $"done {Code}", $"show {Code}", $"check {Code} {Owner}", Owner, $"{Owner}x", $"show {Owner}",
                     $"cancel {Owner}", $"send {Owner}", $"send {Code}x {Owner}", $"send cen-x {Code}",
                     $"pending {Owner}",
                     $"send cen-x {Owner} {Owner}1", $"send cen-x x{Owner}", $"sned cen-x {Owner}",
                     $"send https://example.com/{Owner}?code={Code}",
                 })
        {
            await session.SendAsync(text);
        }

        var forged = platform.Sign(
            session.Typed($"send cen-x {Owner}"), platform.OtherSecret, session.App.Time.GetUtcNow());
        (await session.DeliverAsync(forged)).ShouldBe(401);
    }

    [Fact]
    public async Task CheckAndAttach_WrongCodes_LeakNothing()
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

    /// <summary>Calls every endpoint and command that returns a record. Each call may fail.</summary>
    private static async Task ReadRecordsAsync(EdsApp app, Guid id)
    {
        await app.Api.GetAsync(id);
        await app.Api.GetAsync("verifications");
        await app.Api.GetAsync("reports/stale");
        await app.Api.GetAsync("health");
        await Record.ExceptionAsync(app.RunReportAsync);
    }

    /// <summary>Removes the log filters of the app, because an operator may change them.</summary>
    private static void CollectFrameworkLogs(IServiceCollection services) =>
        services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            filters.Rules.Clear();
            filters.MinLevel = LogLevel.Trace;
        });

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        // The SQL is a constant of the test, so no SQL can be injected.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static RawHttpReply Json(int status, string body) => RawHttpReply.Create(status, "application/json", body);
}
