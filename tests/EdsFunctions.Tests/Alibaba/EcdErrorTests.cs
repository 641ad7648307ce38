namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// How the app handles an error of Alibaba depends on the error code. <see cref="EcdResponseParserTests"/> tests the
/// codes.
/// </summary>
public sealed class EcdErrorTests
{
    [Fact]
    public async Task Send_RiskControl_NamesTheCodeAndNoPermission()
    {
        await using var gateway = RawHttpServer.Start(EcdReplies.Refused(403, "Forbidden.RiskControl"));
        await using var app = await EdsApp.StartAsync(new() { ["Alibaba:EndpointOverride"] = $"{gateway.Url}" });

        var rejected = (await app.Api.SendAsync(A.Verification)).ShouldBeProblem(502, "alibaba-refused");

        Assert.Equal(("Forbidden.RiskControl", null), (rejected["alibabaCode"], rejected["missingPermission"]));
        Assert.Equal(VerificationState.Failed, Assert.Single(await app.RecordsAsync()).State);
    }

    [Fact]
    public async Task Send_CodeOfNoKnownFamily_SendsOnceAndStaysUnknown()
    {
        await using var gateway = RawHttpServer.Start(EcdReplies.Refused(400, "SystemBusy"));
        await using var app = await EdsApp.StartAsync(new() { ["Alibaba:EndpointOverride"] = $"{gateway.Url}" });

        (await app.Api.SendAsync(A.Verification)).ShouldBeProblem(504, "outcome-unknown");

        Assert.Equal(VerificationState.Unknown, Assert.Single(await app.RecordsAsync()).State);
        Assert.Single(gateway.Requests);
    }
}
