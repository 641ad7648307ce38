namespace EdsFunctions.Tests.Simulator;

public sealed class SignatureTests
{
    [Theory]
    [MemberData(nameof(Acs3Vector.Names), MemberType = typeof(Acs3Vector))]
    public void A_published_signature_is_accepted(string name)
    {
        var vector = Acs3Vector.All[name];

        new GatewayChecks(CredentialOf(vector)).Verify(vector.ToCall().ToSimulatedRequest(vector.Authorization, vector.When));
    }

    [Theory]
    [MemberData(nameof(Acs3Vector.Names), MemberType = typeof(Acs3Vector))]
    public void A_published_signature_does_not_fit_another_secret(string name)
    {
        var vector = Acs3Vector.All[name];
        var checks = new GatewayChecks(CredentialOf(vector) with { AccessKeySecret = "another" });

        var refusal = Assert.Throws<EcdRefusal>(
            () => checks.Verify(vector.ToCall().ToSimulatedRequest(vector.Authorization, vector.When)));

        Assert.Equal("SignatureDoesNotMatch", refusal.Code);
    }

    [Theory]
    [MemberData(nameof(Acs3Vector.Names), MemberType = typeof(Acs3Vector))]
    public async Task A_published_signature_is_accepted_over_the_wire(string name)
    {
        var vector = Acs3Vector.All[name];
        await using var ecd = await RunningSimulator.StartAsync(CredentialOf(vector), vector.When);

        var answer = await ecd.SendAsync(vector.ToCall().ToMessage(ecd.Server.Url, vector.Authorization));

        if (vector.Action == "SendVerifyCode")
            Assert.Equal(200, answer.Status);
        else
            answer.ShouldBeError(400, "InvalidVersion");
    }

    [Theory]
    [MemberData(nameof(Acs3Vector.Names), MemberType = typeof(Acs3Vector))]
    public void The_calls_of_these_tests_sign_themselves_as_published(string name)
    {
        var vector = Acs3Vector.All[name];

        Assert.Equal(vector.Authorization, vector.ToCall().Authorization("not used"));
    }

    private static SimulatorOptions CredentialOf(Acs3Vector vector) => new()
    {
        AccessKeyId = vector.AccessKeyId,
        AccessKeySecret = vector.AccessKeySecret,
        SecurityToken = vector.SecurityToken,
    };
}
