namespace EdsFunctions.Tests.Simulator;

public sealed class SendVerifyCodeTests
{
    [Fact]
    public async Task A_code_is_mailed_to_the_owner()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.Call());

        Assert.Equal(200, answer.Status);
        var requestId = answer.Text("RequestId")!;
        Assert.Equal(Guid.Parse(requestId).ToString().ToUpperInvariant(), requestId);
        Assert.Equal(requestId, answer.Headers["x-acs-request-id"]);

        var message = Assert.Single(ecd.Server.Outbox.Messages);
        Assert.Equal(
            ("cn-hangzhou", Call.Cen, 1234567890123456, ecd.Time.GetUtcNow(), requestId),
            (message.RegionId, message.CenId, message.CenOwnerId, message.SentAt, message.RequestId));
        Assert.Matches("^[0-9]{6}$", message.Code);
        Assert.Equal(
            $"[simulator] e-mail to the owner of {Call.Cen}: verification code {message.Code}{Environment.NewLine}",
            ecd.Mail.ToString());
    }

    [Fact]
    public async Task A_code_for_a_CEN_of_ones_own_goes_to_the_caller()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        Assert.Equal(200, (await ecd.SendAsync(ecd.Call().Without("ExtraInfo"))).Status);
        Assert.Equal(200, (await ecd.SendAsync(ecd.CallFor(Call.Cen))).Status);

        Assert.Equal([null, Call.Cen], ecd.Server.Outbox.Messages.Select(message => message.CenId));
        Assert.All(ecd.Server.Outbox.Messages, message => Assert.Null(message.CenOwnerId));
    }

    [Fact]
    public async Task A_call_may_be_a_GET()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        Assert.Equal(200, (await ecd.SendAsync(ecd.Call() with { Method = "GET" })).Status);
    }

    [Fact]
    public async Task Parameters_may_come_in_a_form()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call();

        var answer = await ecd.SendAsync(call with { Body = call.CanonicalQuery, Parameters = new Dictionary<string, string>() });

        Assert.Equal(200, answer.Status);
        Assert.Equal(Call.Cen, Assert.Single(ecd.Server.Outbox.Messages).CenId);
    }

    [Theory]
    [InlineData("RegionId", "MissingRegionId")]
    [InlineData("VerifyCodeAction", "MissingVerifyCodeAction")]
    public async Task A_missing_parameter_is_named(string parameter, string code)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.Call().Without(parameter))).ShouldBeError(400, code);

        Assert.Empty(ecd.Server.Outbox.Messages);
    }

    [Theory]
    [InlineData("RegionId", "CN_HANGZHOU")]
    [InlineData("RegionId", "cn--hangzhou")]
    [InlineData("VerifyCodeAction", "something_else")]
    [InlineData("ExtraInfo", "")]
    [InlineData("ExtraInfo", "not json")]
    [InlineData("ExtraInfo", "[]")]
    [InlineData("ExtraInfo", "{}")]
    [InlineData("ExtraInfo", """{"CenId":"cen-3weq30r6t0s7t4abcd"}""")]
    [InlineData("ExtraInfo", """{"cenId":1}""")]
    [InlineData("ExtraInfo", """{"cenId":"\ud800"}""")]
    [InlineData("ExtraInfo", """{"cenId":"vpc-3weq30r6t0s7t4abcd"}""")]
    [InlineData("ExtraInfo", """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":"1234567890123456"}""")]
    [InlineData("ExtraInfo", """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":null}""")]
    [InlineData("ExtraInfo", """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1.5}""")]
    [InlineData("ExtraInfo", """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":0}""")]
    public async Task A_parameter_of_the_wrong_shape_is_named(string parameter, string value)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.Call().With(parameter, value))).ShouldBeError(400, "InvalidParameter." + parameter);

        Assert.Empty(ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task The_endpoint_of_another_region_is_refused()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var there = await ecd.SendAsync(ecd.Call() with { Host = "ecd.cn-beijing.aliyuncs.com" });
        var here = await ecd.SendAsync(ecd.Call() with { Host = "ecd.cn-hangzhou.aliyuncs.com" });

        there.ShouldBeError(400, "InvalidParameter.RegionId");
        Assert.Equal(200, here.Status);
    }
}
