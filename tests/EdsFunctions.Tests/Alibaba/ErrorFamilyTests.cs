namespace EdsFunctions.Tests.Alibaba;

/// <summary>Only the documented families of codes are refusals; any other code may come after the work was done.</summary>
public sealed class ErrorFamilyTests
{
    [Theory]
    [InlineData("InternalServerError", "InternalError", "InternalFailure", "SystemError", "ServiceUnavailable")]
    [InlineData("SystemBusy", "OperationBusy", "UnknownError", "SignatureNonceUsed")]
    [InlineData("InvalidParameter.Timeout", "Forbidden.TimeoutOfService", "operationtimeout")]
    [InlineData("throttling", "forbidden", "BackendFailed", "CodeOfNextYear")]
    public void Parse_CodeOfNoFamily_IsUnknownAtAnyStatus(params string[] codes) => Assert.All(codes, code =>
        Assert.All([400, 403, 404, 409, 429, 449], status => Assert.Equal(
            new EcdFailure.Unknown($"Alibaba answered {status} {code}", new EcdError(code, status, "R-1")), Parse(status, code))));

    [Theory]
    [InlineData(EcdErrorKind.Throttled, "Throttling", "Throttling.User", "Rejected.Throttling", "TooManyRequests", "TooManyRequests.User")]
    [InlineData(EcdErrorKind.Credentials, "SignatureDoesNotMatch", "IncompleteSignature", "Forbidden.AccessKeyDisabled")]
    [InlineData(EcdErrorKind.Credentials, "InvalidAccessKeyId.Inactive", "InvalidSecurityToken.Expired")]
    [InlineData(EcdErrorKind.Clock, "InvalidTimeStamp.Expired", "IllegalTimestamp")]
    [InlineData(EcdErrorKind.Permission, "Forbidden", "Forbidden.RAM", "Forbidden.Unauthorized", "Forbidden.SubUser", "NoPermission.Policy")]
    [InlineData(EcdErrorKind.Request, "Forbidden.RiskControl", "Forbidden.InstanceNotFound")]
    [InlineData(EcdErrorKind.Request, "MissingRegionId", "InvalidCen.CenUidInvalid", "IllegalParameter", "UnsupportedHTTPMethod")]
    [InlineData(EcdErrorKind.Request, "IncompleteBody", "OfficeSite.NotFound", "Cen.NotExist.Any", "Code.Malformed", "Name.Duplicate")]
    [InlineData(EcdErrorKind.Request, "OperationDenied.State", "OperationUnsupported", "IncorrectStatus.Cen", "QuotaExceed.Mail")]
    public void Parse_CodeOfAFamily_IsARefusalOfThatKind(EcdErrorKind kind, params string[] codes) => Assert.All(codes, code =>
        Assert.Equal((code, kind), (code, Assert.IsType<EcdFailure.Rejected>(Parse(400, code)).Error.Kind)));

    [Fact]
    public async Task Send_RiskControl_NamesTheCodeAndNoPermission()
    {
        await using var gateway = RawHttpServer.Start(EcdReplies.Refused(403, "Forbidden.RiskControl"));
        await using var app = await EdsApp.StartAsync(new() { ["Alibaba:EndpointOverride"] = $"{gateway.Url}" });

        var refused = (await app.Api.SendAsync(A.Verification)).ShouldBeProblem(502, "alibaba-refused");

        Assert.Equal(("Forbidden.RiskControl", null), (refused["alibabaCode"], refused["missingPermission"]));
        Assert.Equal(VerificationState.Failed, Assert.Single(await app.RecordsAsync()).State);
    }

    [Fact]
    public async Task Send_CodeOfNoFamily_IsAskedOnceAndStaysOpenAsUnknown()
    {
        await using var gateway = RawHttpServer.Start(EcdReplies.Refused(400, "SystemBusy"));
        await using var app = await EdsApp.StartAsync(new() { ["Alibaba:EndpointOverride"] = $"{gateway.Url}" });

        (await app.Api.SendAsync(A.Verification)).ShouldBeProblem(504, "outcome-unknown");

        Assert.Equal(VerificationState.Unknown, Assert.Single(await app.RecordsAsync()).State);
        Assert.Single(gateway.Requests);
    }

    /// <summary>Alibaba's wait is lengthened by up to a fifth; a call may take 20 s, and an attempt 10 s.</summary>
    [Theory]
    [InlineData(8_000, true)]
    [InlineData(10_001, false)]
    [InlineData(15_000, false)]
    public async Task Send_ThrottledWithLessThanAWholeTimeoutLeft_StaysThrottled(int retryAfterMs, bool repeated)
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(retryAfterMs), RawHttpReply.Hangs);

        var send = ecd.SendAsync();
        if (repeated)
        {
            await ecd.PassNextPauseAsync();
            await ecd.Gateway.NextAsync();
            await ecd.Gateway.NextAsync();
            ecd.Time.Advance(RunningEcdClient.Timeout);
            Assert.Equal("Alibaba did not answer within 10 s", Assert.IsType<EcdFailure.Unknown>((await send).Failure).Reason);
        }
        else
        {
            Assert.Equal(EcdErrorKind.Throttled, Assert.IsType<EcdFailure.Rejected>((await send).Failure).Error.Kind);
        }

        Assert.Equal(repeated ? 2 : 1, ecd.Requests.Count);
    }

    private static EcdFailure? Parse(int status, string code) => EcdResponseParser.Parse(
        new SendVerifyCode(A.Verification.Target()),
        status,
        null,
        Encoding.UTF8.GetBytes($$"""{"Code":"{{code}}","RequestId":"R-1"}""")).Failure;
}
