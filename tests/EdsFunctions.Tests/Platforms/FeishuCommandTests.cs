using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms;

/// <summary>Commands as encrypted events of Feishu or Lark, and the replies by its API.</summary>
public sealed class FeishuCommandTests
{
    private const string Key = "Encrypt-Key-of-the-test";
    private const string User = "ou_84aad35d084aa403a838cf73ee18467";

    /// <summary>
    /// <c>openssl enc -aes-256-cbc -K $(printf %s "$KEY" | openssl dgst -sha256 -hex)</c> of
    /// <c>{"challenge":"ajls384kdjx98XX","token":"verification-token","type":"url_verification"}</c>, behind its initialization vector.
    /// </summary>
    private const string Challenge =
        """{"encrypt":"AAECAwQFBgcICQoLDA0OD1QNOYLkxicPeuOkC2uBtGXZqBdDbSivj3KCh5STWRV8uJAxnwrSyCUUnKOmb73ldTCDfhJHoAWkQ9ZHR2KUZ5BP8g67OJtPzMeqF/lov/P52FD52ISsyEwXn+2HLUTKQw=="}""";

    /// <summary>A message <c>@_user_1 pending</c>, encrypted in the same way.</summary>
    private static readonly string Pending = File.ReadAllText(
        Repository.Path("tests", "EdsFunctions.Tests", "Platforms", "feishu-pending.json")).Trim();

    [Fact]
    public async Task Challenge_EncryptedWithTheKey_IsAnsweredWithoutASignature()
    {
        await using var feishu = await FeishuSession.OpenAsync();

        Assert.Equal("ajls384kdjx98XX", (await feishu.DeliverAsync(Challenge)).ShouldBe(200)["challenge"]);
        (await feishu.DeliverAsync("""{"challenge":"x","token":"verification-token","type":"url_verification"}"""))
            .ShouldBeProblem(401, "signature-invalid");
    }

    [Theory]
    [InlineData("ChatOps:Feishu:Secrets:0", "another-key-of-the-test")]
    [InlineData("ChatOps:Feishu:VerificationToken", "another-token")]
    public async Task Challenge_OfAnotherApp_IsRefused(string setting, string value)
    {
        await using var feishu = await FeishuSession.OpenAsync(new() { [setting] = value });

        (await feishu.DeliverAsync(Challenge)).ShouldBeProblem(401, "signature-invalid");
    }

    /// <summary>The signature is that of <c>printf %s "1795521600736588c9$KEY$BODY" | openssl dgst -sha256</c>.</summary>
    [Fact]
    public async Task Message_SignedByOpenSsl_IsAnsweredByTheApi()
    {
        await using var feishu = await FeishuSession.OpenAsync();

        var response = await feishu.DeliverAsync(
            Pending,
            ("X-Lark-Request-Timestamp", "1795521600"),
            ("X-Lark-Request-Nonce", "736588c9"),
            ("X-Lark-Signature", "2b7f7264c7c0ec08403693cf715410da1918a1409ab4ec684b4a22ec53463b64"));

        Assert.Equal("{}", response.ShouldBe(200).Text);
        var token = await feishu.Api.NextAsync();
        Assert.StartsWith("POST /open-apis/auth/v3/tenant_access_token/internal ", token.Line, StringComparison.Ordinal);
        Assert.Equal("""{"app_id":"cli_1","app_secret":"dskLLdkasdjlasdKK"}""", token.Body);
        var reply = await feishu.Api.NextAsync();
        Assert.StartsWith(
            "POST /open-apis/im/v1/messages/om_5ce6d572455d361153b7cb51da133945/reply ", reply.Line, StringComparison.Ordinal);
        Assert.Equal("Bearer t-token", reply.Header("Authorization"));
        var body = JsonNode.Parse(reply.Body)!;
        Assert.Equal("post", body["msg_type"]!.GetValue<string>());
        Assert.Equal("No verification is open", JsonNode.Parse(body["content"]!.GetValue<string>())!["zh_cn"]!["title"]!.GetValue<string>());
    }

    [Fact]
    public async Task Message_ChangedOrTooOldOrUnsigned_IsRefused()
    {
        await using var feishu = await FeishuSession.OpenAsync();
        var (body, headers) = feishu.Sign($"send {A.FreshCen()}", "event-1");

        (await feishu.DeliverAsync(body)).ShouldBeProblem(401, "signature-invalid");
        (await feishu.DeliverAsync(body + " ", headers)).ShouldBeProblem(401, "signature-invalid");
        feishu.App.Time.Advance(TimeSpan.FromSeconds(3601));
        (await feishu.DeliverAsync(body, headers)).ShouldBeProblem(401, "signature-invalid");
        Assert.Empty(await feishu.App.RecordsAsync());
    }

    [Fact]
    public async Task Message_DeliveredAgain_SendsOneCode()
    {
        await using var feishu = await FeishuSession.OpenAsync();
        var command = $"send {A.FreshCen()}";

        for (var i = 0; i < 2; i++)
        {
            var (body, headers) = feishu.Sign(command, "event-1");
            (await feishu.DeliverAsync(body, headers)).ShouldBe(200);
            await feishu.Api.NextAsync();
            Assert.Contains(i == 0 ? "is on its way" : "carried out before", (await feishu.Api.NextAsync()).Body, StringComparison.Ordinal);
            await feishu.StopAsync();
            feishu.App.Time.Advance(TimeSpan.FromMinutes(3));
        }

        Assert.Single(feishu.App.Alibaba.Outbox.Messages);
        var sent = Assert.Single(await feishu.App.RecordsAsync());
        Assert.Equal((User, false), (sent.RequestedBy, sent.Unanswered));
    }

    /// <summary>A message of the bot itself, or an event that was subscribed by mistake.</summary>
    [Theory]
    [InlineData("im.message.receive_v1", "app", "text")]
    [InlineData("im.message.receive_v1", "user", "image")]
    [InlineData("im.chat.member.bot.added_v1", "user", "text")]
    public async Task Event_ThatIsNoCommand_IsAnsweredAndDoesNothing(string type, string sender, string messageType)
    {
        await using var feishu = await FeishuSession.OpenAsync();
        var (body, headers) = feishu.Sign($"send {A.FreshCen()}", "event-1", type, sender, messageType);

        (await feishu.DeliverAsync(body, headers)).ShouldBe(200);

        await feishu.StopAsync();
        Assert.Empty(await feishu.App.RecordsAsync());
        Assert.Empty(feishu.Api.Requests);
    }

    [Theory]
    [InlineData("ChatOps:Feishu:Host", "open.feishu.cn.evil.example", "ChatOps:Feishu:Host must be open.feishu.cn or open.larksuite.com.")]
    [InlineData("ChatOps:Feishu:AppSecret", "", "ChatOps:Feishu:AppSecret is empty.")]
    [InlineData(
        "ChatOps:Feishu:AppSecret",
        "@Microsoft.KeyVault(VaultName=a;SecretName=b)",
        "ChatOps:Feishu:AppSecret is a reference to a vault that could not be resolved.")]
    public async Task Start_WithASettingThatCannotBeUsed_NamesIt(string setting, string value, string line)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => FeishuSession.OpenAsync(new() { [setting] = value }));

        Assert.Equal(line, Assert.Single(refusal.Failures));
    }

    /// <summary>The app with a bot of Feishu, whose API is a server of the test.</summary>
    private sealed class FeishuSession(EdsApp app, RawHttpServer api) : IAsyncDisposable
    {
        public EdsApp App => app;

        public RawHttpServer Api => api;

        public static async Task<FeishuSession> OpenAsync(Dictionary<string, string?>? settings = null)
        {
            var api = RawHttpServer.Start(request => Task.FromResult(RawHttpReply.Create(
                200,
                "application/json",
                request.Line.Contains("/auth/", StringComparison.Ordinal)
                    ? """{"code":0,"msg":"ok","tenant_access_token":"t-token","expire":7200}"""
                    : """{"code":0,"msg":"success","data":{}}""")));
            var all = new Dictionary<string, string?>
            {
                ["ChatOps:Feishu:Secrets:0"] = Key,
                ["ChatOps:Feishu:VerificationToken"] = "verification-token",
                ["ChatOps:Feishu:AppId"] = "cli_1",
                ["ChatOps:Feishu:AppSecret"] = "dskLLdkasdjlasdKK",
                ["ChatOps:Feishu:AllowedUsers:0"] = User,
                ["ChatOps:DefaultRegion"] = "cn-hangzhou",
            };
            foreach (var (key, value) in settings ?? [])
            {
                all[key] = value;
            }

            return new FeishuSession(
                await EdsApp.StartAsync(all, services => services.AddHttpClient(MessageSender.HttpClientName)
                    .ConfigurePrimaryHttpMessageHandler(() => new ApiHandler(api.Url))),
                api);
        }

        public Task<ApiResponse> DeliverAsync(string body, params (string Name, string Value)[] headers) =>
            new ChatRequest("application/json; charset=utf-8", Encoding.UTF8.GetBytes(body)).With(headers)
                .SendAsync(app.Api.BaseUrl, "chatops/feishu");

        /// <summary>A message as Feishu delivers it.</summary>
        public (string Body, (string Name, string Value)[] Headers) Sign(
            string text, string eventId, string type = "im.message.receive_v1", string sender = "user", string messageType = "text")
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(new
            {
                schema = "2.0",
                header = new { event_id = eventId, event_type = type, token = "verification-token" },
                @event = new
                {
                    sender = new { sender_id = new { open_id = User }, sender_type = sender },
                    message = new
                    {
                        message_id = "om_1",
                        chat_id = "oc_1",
                        message_type = messageType,
                        content = JsonSerializer.Serialize(new { text = $"@_user_10 {text} @_user_1" }),
                        mentions = new[] { new { key = "@_user_1" }, new { key = "@_user_10" } },
                    },
                },
            });
            using var aes = Aes.Create();
            aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(Key));
            var body = JsonSerializer.Serialize(new { encrypt = Convert.ToBase64String([.. aes.IV, .. aes.EncryptCbc(json, aes.IV)]) });
            var time = $"{app.Time.GetUtcNow().ToUnixTimeSeconds()}";
            var signature = SHA256.HashData(Encoding.UTF8.GetBytes($"{time}nonce{Key}{body}"));
            return (body,
            [
                ("X-Lark-Request-Timestamp", time),
                ("X-Lark-Request-Nonce", "nonce"),
                ("X-Lark-Signature", Convert.ToHexStringLower(signature)),
            ]);
        }

        public Task StopAsync() =>
            app.Services.GetRequiredService<BackgroundWork>().StoppedAsync(TestContext.Current.CancellationToken).SoonAsync();

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await app.DisposeAsync();
            await api.DisposeAsync();
        }

        /// <summary>Sends what is for Feishu's own host to a server of the test.</summary>
        private sealed class ApiHandler(Uri server) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                Assert.Equal("https://open.feishu.cn", request.RequestUri!.GetLeftPart(UriPartial.Authority));
                request.RequestUri = new Uri(server, request.RequestUri.PathAndQuery);
                return base.SendAsync(request, cancellationToken);
            }
        }
    }
}
