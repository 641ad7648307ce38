namespace EdsFunctions.Tests.Simulator;

public sealed class SendVerifyCodeTests : SimulatorTest
{
    [Fact]
    public async Task A_code_is_mailed_to_the_owner()
    {
        var response = (await Ecd.SendAsync(Ecd.SendVerifyCode())).ShouldSucceed();

        var requestId = response.Text("RequestId")!;
        Assert.Equal(Guid.Parse(requestId).ToString().ToUpperInvariant(), requestId);
        Assert.Matches("^[0-9]{6}$", Ecd.LastCode);
        Assert.Equal(
            [new("cn-hangzhou", RunningSimulator.Cen, 1234567890123456, Ecd.LastCode, Ecd.Time.GetUtcNow(), requestId)],
            Ecd.Server.Outbox.Messages);
        Assert.Equal(
            $"[simulator] e-mail to the owner of {RunningSimulator.Cen}: verification code {Ecd.LastCode}",
            Ecd.Mail.TrimEnd());
    }

    [Fact]
    public async Task A_code_for_the_callers_own_CEN_goes_to_the_caller()
    {
        (await Ecd.SendAsync(Ecd.SendVerifyCode().Without("ExtraInfo"))).ShouldSucceed();
        (await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen(RunningSimulator.Cen))).ShouldSucceed();

        Assert.Equal([null, RunningSimulator.Cen], Ecd.Server.Outbox.Messages.Select(message => message.CenId));
        Assert.All(Ecd.Server.Outbox.Messages, message => Assert.Null(message.CenOwnerId));
    }
}
