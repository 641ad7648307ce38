namespace EdsFunctions.Tests.Simulator;

/// <summary>The parameters of all operations, and the two ways to send them.</summary>
public sealed class ParameterTests : SimulatorTest
{
    [Theory]
    [InlineData("SendVerifyCode", "RegionId", "VerifyCodeAction")]
    [InlineData("VerifyCen", "RegionId", "CenId", "CidrBlock", "VerifyCode")]
    [InlineData("AttachCen", "RegionId", "CenId", "OfficeSiteId", "VerifyCode")]
    [InlineData("DescribeOfficeSites", "RegionId")]
    public async Task A_missing_parameter_is_named(string action, params string[] parameters)
    {
        foreach (var parameter in parameters)
            (await Ecd.SendAsync(Ecd.CallTo(action).Without(parameter))).ShouldBeError(400, "Missing" + parameter);

        Assert.Empty(Ecd.Server.Outbox.Messages);
    }

    [Theory]
    [InlineData("SendVerifyCode", "RegionId", "CN_HANGZHOU", "cn--hangzhou")]
    [InlineData("SendVerifyCode", "VerifyCodeAction", "something_else")]
    [InlineData(
        "SendVerifyCode",
        "ExtraInfo",
        "",
        "not json",
        "[]",
        "{}",
        """{"CenId":"cen-3weq30r6t0s7t4abcd"}""",
        """{"cenId":1}""",
        """{"cenId":"\ud800"}""",
        """{"cenId":"vpc-3weq30r6t0s7t4abcd"}""",
        """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":"1234567890123456"}""",
        """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":null}""",
        """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1.5}""",
        """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":0}""")]
    [InlineData("VerifyCen", "RegionId", "CN_HANGZHOU")]
    [InlineData("VerifyCen", "CenId", "vpc-3weq30r6t0s7t4abcd")]
    [InlineData("VerifyCen", "CenOwnerId", "", "0", "-1", "alice", "12345678901234567890")]
    [InlineData(
        "VerifyCen",
        "CidrBlock",
        "192.168.0.0",
        "192.168.0.0/",
        "192.168.0.0/33",
        "192.168.0.0/+16",
        "192.168.0.0/016",
        "192.168.0.0/16/16",
        "192.168.0.1/16",
        "192.168/16",
        "192.168.0.256/32",
        "192.168.0.00/16",
        " 192.168.0.0/16",
        "10.0.0.0/11",
        "fd00::/16",
        "office")]
    [InlineData("AttachCen", "RegionId", "CN_HANGZHOU")]
    [InlineData("AttachCen", "CenId", "vpc-3weq30r6t0s7t4abcd")]
    [InlineData("AttachCen", "CenOwnerId", "alice")]
    [InlineData("DescribeOfficeSites", "RegionId", "CN_HANGZHOU")]
    [InlineData("DescribeOfficeSites", "MaxResults", "", "0", "101", "-1", "many")]
    [InlineData("DescribeOfficeSites", "NextToken", "not-a-token")]
    public async Task A_malformed_parameter_is_named(string action, string parameter, params string[] values)
    {
        foreach (var value in values)
        {
            var response = await Ecd.SendAsync(Ecd.CallTo(action).With(parameter, value));
            response.ShouldBeError(400, "InvalidParameter." + parameter);
        }

        Assert.Empty(Ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task The_endpoint_of_another_region_is_refused()
    {
        var another = await Ecd.SendAsync(Ecd.SendVerifyCode() with { Host = "ecd.cn-beijing.aliyuncs.com" });
        var own = await Ecd.SendAsync(Ecd.SendVerifyCode() with { Host = "ecd.cn-hangzhou.aliyuncs.com" });

        another.ShouldBeError(400, "InvalidParameter.RegionId");
        own.ShouldSucceed();
    }

    [Fact]
    public async Task Parameters_may_come_with_GET_or_in_a_form()
    {
        var call = Ecd.SendVerifyCode();
        var form = Ecd.SendVerifyCode() with { Body = call.CanonicalQuery, Query = new Dictionary<string, string>() };

        (await Ecd.SendAsync(call with { Method = "GET" })).ShouldSucceed();
        (await Ecd.SendAsync(form)).ShouldSucceed();

        Assert.Equal(
            [RunningSimulator.Cen, RunningSimulator.Cen], Ecd.Server.Outbox.Messages.Select(message => message.CenId));
    }
}
