using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.Slack;

public sealed class SlackPlatformTests
{
    private const string Check = "ssl_check=1&token=xyzz0WbapA4vBCDEFasx0q6G";

    [Theory]
    [InlineData("ephemeral", "pending", "public", "check 8e6a 192.168.7.0/24 739182 public")]
    [InlineData("in_channel", "pending public", "PENDING Public")]
    public async Task Reply_Command_IsPublicOnlyIfAskedForAndWithoutACode(string type, params string[] commands)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        foreach (var command in commands)
        {
            var reply = await session.DeliverAsync(session.Typed(command));

            Assert.Equal((command, type), (command, reply["response_type"]));
            Assert.False(string.IsNullOrEmpty(reply["text"]));
            Assert.Equal("application/json; charset=utf-8", reply.Header("Content-Type"));
        }
    }

    [Fact]
    public async Task Delivery_SignedSslCheck_Returns200()
    {
        await using var session = await ChatSession.OpenAsync("Slack");

        (await session.DeliverAsync(session.Sign(session.Typed("pending").WithText(Check)))).ShouldBe(200);
    }

    /// <summary>The raw body is signed, not the decoded form.</summary>
    [Fact]
    public async Task Delivery_EncodedDifferentlyThanSigned_Returns401()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var request = session.Typed("pending");

        foreach (var body in new[] { Check, request.Text.Replace("=pending", "=%70ending", StringComparison.Ordinal) })
        {
            (await session.DeliverAsync(request.WithText(body))).ShouldBeProblem(401, "signature-invalid");
        }
    }
}
