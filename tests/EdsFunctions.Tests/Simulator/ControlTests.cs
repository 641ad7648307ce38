namespace EdsFunctions.Tests.Simulator;

public sealed class ControlTests
{
    [Fact]
    public async Task The_outbox_lists_what_was_mailed_oldest_first()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        await ecd.SendAsync(ecd.CallFor("cen-one"));
        await ecd.SendAsync(ecd.CallFor("cen-two"));

        var all = await ItemsAsync(ecd, "outbox");
        var one = await ItemsAsync(ecd, "outbox?cenId=cen-one");

        Assert.Equal(["cen-one", "cen-two"], all.Select(item => item.GetProperty("cenId").GetString()));
        Assert.Equal(
            ["regionId", "cenId", "cenOwnerId", "code", "sentAt", "requestId"],
            Assert.Single(one).EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task The_outbox_can_be_emptied()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        await ecd.SendAsync(ecd.Call());

        Assert.Equal(204, (await ecd.ControlAsync("DELETE", "outbox")).Status);

        Assert.Empty(await ItemsAsync(ecd, "outbox"));
    }

    [Fact]
    public async Task The_request_log_lists_refused_requests_too_and_no_headers()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        await ecd.SendAsync(ecd.CallFor("cen-one") with { AccessKeySecret = "wrong" });
        await ecd.SendAsync(ecd.CallFor("cen-two"));

        var all = await ItemsAsync(ecd, "requests");
        var two = await ItemsAsync(ecd, "requests?cenId=cen-two");

        Assert.Equal(["SignatureDoesNotMatch", "OK"], all.Select(item => item.GetProperty("outcome").GetString()));
        Assert.Equal(
            ["action", "method", "target", "cenId", "nonce", "date", "receivedAt", "requestId", "outcome"],
            Assert.Single(two).EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Faults_can_be_listed_and_cleared()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var ordered = await ecd.ControlAsync("POST", "faults",
            """{"kind":"closeAfterWork","action":"SendVerifyCode","cenId":"cen-one","times":3}""");

        var fault = Assert.Single(await ItemsAsync(ecd, "faults"));
        var cleared = await ecd.ControlAsync("DELETE", "faults");

        Assert.Equal((200, 204), (ordered.Status, cleared.Status));
        Assert.Equal("closeAfterWork", fault.GetProperty("kind").GetString());
        Assert.Equal(3, fault.GetProperty("times").GetInt32());
        Assert.Empty(await ItemsAsync(ecd, "faults"));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "JSON object")]
    [InlineData("{}", "kind")]
    [InlineData("""{"kind":"explode"}""", "throttle, unavailable, hang, closeBeforeWork")]
    [InlineData("""{"kind":"0"}""", "kind")]
    [InlineData("""{"kind":"hang","time":1}""", "'time'")]
    [InlineData("""{"kind":"hang","times":0}""", "times")]
    [InlineData("""{"kind":"hang","action":"Nothing"}""", "action must be one of SendVerifyCode")]
    [InlineData("""{"kind":"hang","retryAfterMs":1}""", "retryAfterMs")]
    [InlineData("""{"kind":"throttle","retryAfterMs":-1}""", "retryAfterMs")]
    public async Task A_bad_order_is_told_what_is_wrong(string order, string hint)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.ControlAsync("POST", "faults", order);

        Assert.Equal(400, answer.Status);
        Assert.Contains(hint, answer.Text("error"), StringComparison.Ordinal);
        Assert.Empty(ecd.Server.Faults.Items);
    }

    private static async Task<IReadOnlyList<JsonElement>> ItemsAsync(RunningSimulator ecd, string path) =>
        [.. (await ecd.ControlAsync("GET", path)).Json.GetProperty("items").EnumerateArray()];
}
