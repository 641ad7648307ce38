using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Api;

/// <summary>The setting <c>Verifications:SendingPaused</c>, which these tests set while the app runs.</summary>
public sealed class SendingPausedTests
{
    private const string Setting = "Verifications:SendingPaused";
    private const string Site = "cn-hangzhou+dir-2051660961";

    [Fact]
    public async Task Send_Paused_RecordsAndSendsNothingUntilResumed()
    {
        await using var app = await EdsApp.StartAsync(WebhookTests.Settings);
        var open = (await app.Api.SendAsync(A.Verification, "first")).ShouldBe(201);
        app.Time.Advance(TimeSpan.FromHours(1));
        SetPaused(app, true);
        var verification = A.Verification;
        var standard = WebhookTests.Standard(app, verification.Json());

        ApiResponse[] refused =
        [
            await app.Api.SendAsync(verification, "second"),
            await app.Api.PostAsync($"verifications/{open.Id}/resend", null, idempotencyKey: "resend"),
            await WebhookTests.DeliverAsync(app, standard),
            await WebhookTests.DeliverAsync(app, WebhookTests.GitHub(verification.Json())),
        ];

        Assert.All(refused, response =>
        {
            response.ShouldBeProblem(503, "sending-paused");
            Assert.Equal("300", response.Header("Retry-After"));
        });
        var record = Assert.Single(await app.RecordsAsync());
        Assert.Equal((open.Id, 1), (record.Id, record.SendCount));
        Assert.Single(app.Alibaba.Outbox.Messages);

        SetPaused(app, false);
        (await WebhookTests.DeliverAsync(app, standard)).ShouldBe(201);
        (await app.Api.PostAsync($"verifications/{open.Id}/resend", null, idempotencyKey: "resend")).ShouldBe(200);
        Assert.Equal(3, app.Alibaba.Outbox.Messages.Count);
    }

    [Fact]
    public async Task Repeat_Paused_GetsTheResponseOfTheSend()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        var sent = (await app.Api.SendAsync(verification, "first")).ShouldBe(201);
        SetPaused(app, true);

        var repeat = (await app.Api.SendAsync(verification, "first")).ShouldBe(201);

        Assert.Equal((sent.Text, "true"), (repeat.Text, repeat.Header("Idempotency-Replayed")));
    }

    [Fact]
    public async Task CheckAttachListClose_Paused_GoOn()
    {
        await using var app = await EdsApp.StartAsync();
        var attached = (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
        var code = Assert.Single(app.Alibaba.Outbox.Messages).Code;
        var cancelled = (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
        SetPaused(app, true);

        (await app.Api.PostAsync(
            $"verifications/{attached.Id}/check", $$"""{"cidrBlock":"192.168.7.0/24","verifyCode":"{{code}}"}"""))
            .ShouldBe(200);
        (await app.Api.PostAsync(
            $"verifications/{attached.Id}/attach", $$"""{"officeSiteId":"{{Site}}","verifyCode":"{{code}}"}"""))
            .ShouldBe(200);
        (await app.Api.CancelAsync(cancelled.Id)).ShouldBe(200);
        (await app.Api.GetAsync("verifications")).ShouldBe(200);
        (await app.Api.GetAsync("health")).ShouldBe(200);
    }

    [Theory]
    [InlineData("en", "An administrator has paused all sends; no code was sent for")]
    [InlineData("zh-CN", "管理员已暂停发送")]
    public async Task Command_Paused_RepliesThatNothingWasSent(string language, string reply)
    {
        await using var session = await ChatSession.OpenAsync(
            "Slack", new() { ["ChatOps:Language"] = language, [Setting] = "true" });
        var open = await session.App.RecordPendingAsync();
        session.App.Time.Advance(TimeSpan.FromHours(1));

        foreach (var command in new[] { $"send {A.FreshCen()} 1234567890123456", $"resend {open.Ref}" })
        {
            Assert.Contains(reply, await session.SendAsync(command), StringComparison.Ordinal);
        }

        Assert.Equal(open.Id, Assert.Single(await session.App.RecordsAsync()).Id);
        Assert.Empty(session.App.Alibaba.Requests.Items);
    }

    private static void SetPaused(EdsApp app, bool isPaused)
    {
        var configuration = (IConfigurationRoot)app.Services.GetRequiredService<IConfiguration>();
        configuration[Setting] = $"{isPaused}";
        configuration.Reload();
    }
}
