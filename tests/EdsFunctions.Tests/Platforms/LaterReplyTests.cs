namespace EdsFunctions.Tests.Platforms;

/// <summary>Replies after the response to a delivery. DingTalk rejects one with HTTP 200 and a code.</summary>
public sealed class LaterReplyTests
{
    [Theory]
    [InlineData("DingTalk", """{"errcode":300001,"errmsg":"session expired"}""", "300001")]
    [InlineData("DingTalk", """{"errcode":0,"errmsg":"ok"}""", null)]
    [InlineData("Slack", "ok", null)]
    public async Task ReplyLater_ResponseWithHttp200_ReturnsTheRejection(string name, string body, string? code)
    {
        await using var network = RawHttpServer.Start(RawHttpReply.Create(200, "application/json", body));
        using var host = AppServices.Build(AppServices.For(alibaba: null), TimeProvider.System, services =>
            services.AddHttpClient(MessageSender.HttpClientName)
                .ConfigurePrimaryHttpMessageHandler(() => new LoopbackHandler(network.Url)));
        var platform = host.Services.GetServices<ChatPlatform>().Single(platform => platform.Name == name);

        var rejection = await platform.ReplyLaterAsync(
            host.Services.GetRequiredService<MessageSender>(),
            new Uri("https://example.com/reply"),
            new Message("Sent"),
            isPublic: false);

        Assert.Equal(code is null, rejection is null);
        Assert.Contains(code ?? "", rejection ?? "", StringComparison.Ordinal);
    }
}
