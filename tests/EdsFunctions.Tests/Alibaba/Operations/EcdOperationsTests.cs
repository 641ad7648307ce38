namespace EdsFunctions.Tests.Alibaba.Operations;

/// <summary>The requests, responses and retries of all operations of Alibaba other than SendVerifyCode.</summary>
public sealed class EcdOperationsTests
{
    private static readonly CenTarget Target =
        new("cn-hangzhou", "cen-3weq30r6t0s7t4abcd", new AccountId(1234567890123456));

    private static readonly CidrBlock Block = new("192.168.0.0/24");
    private static readonly VerifyCode Code = new(new Secret("123456"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task VerifyCen_WithOwnerAndCode_SendsAllParameters()
    {
        await using var ecd = RunningEcdClient.Start(Json("""{"RequestId":"R-1","Status":"Access"}"""));

        var outcome = await ecd.Client.CallAsync(new VerifyCen(Target, Block, Code), Cancel).WithTimeoutAsync();

        var request = Assert.Single(ecd.Requests);
        Assert.Equal(
            "POST /?CenId=cen-3weq30r6t0s7t4abcd&CenOwnerId=1234567890123456&CidrBlock=192.168.0.0%2F24"
            + "&RegionId=cn-hangzhou&VerifyCode=123456 HTTP/1.1",
            request.Line);
        Assert.Equal("VerifyCen", request.Header("x-acs-action"));
        Assert.Equal("R-1", outcome.Response?.RequestId);
        Assert.DoesNotContain(ecd.Log, entry => entry.Message.Contains("123456", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AttachCen_ForAnOwnCen_SendsNeitherOwnerNorCode()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Accepted());

        var attach = new AttachCen(
            new CenTarget("cn-hangzhou", "cen-own", null), new OfficeSiteId("cn-hangzhou+dir-363353"), code: null);
        var outcome = await ecd.Client.CallAsync(attach, Cancel).WithTimeoutAsync();

        Assert.Equal(
            "POST /?CenId=cen-own&OfficeSiteId=cn-hangzhou%2Bdir-363353&RegionId=cn-hangzhou HTTP/1.1",
            Assert.Single(ecd.Requests).Line);
        Assert.NotNull(outcome.Response);
    }

    [Theory]
    [InlineData("Access", CenCheckStatus.Valid)]
    [InlineData("Conflict", CenCheckStatus.CidrConflict)]
    [InlineData("VerifyCode.InvalidTokenCode", CenCheckStatus.CodeWrong)]
    [InlineData("VerifyCode.ReachTokenRetryTime", CenCheckStatus.CodeExhausted)]
    [InlineData("InvalidCen.CenUidInvalid", CenCheckStatus.WrongAccount)]
    [InlineData("InvalidCen.ParameterCenInstanceId", CenCheckStatus.NoSuchCen)]
    [InlineData("Something.New", CenCheckStatus.Other)]
    public void ReadVerifyCen_Status_IsMapped(string name, CenCheckStatus status) =>
        Assert.Equal(status, Check($$"""{"Status":"{{name}}"}""").Status);

    /// <summary>
    /// Alibaba returns the proposed CIDR blocks as an array of strings, or as an array with one string, which is the
    /// JSON of all blocks. On the help page of VerifyCen, this string begins with a blank.
    /// </summary>
    [Theory]
    [InlineData("""["192.168.0.0/24","192.168.1.0/24"]""", "192.168.0.0/24", "192.168.1.0/24")]
    [InlineData("""["[\"192.168.0.0/24\",\"192.168.1.0/24\"]"]""", "192.168.0.0/24", "192.168.1.0/24")]
    [InlineData("""[" [\"10.0.0.0/20\", \"10.0.16.0/20\"]\n"]""", "10.0.0.0/20", "10.0.16.0/20")]
    [InlineData("""["\t[ \" 10.0.0.0/20 \" ]", " 10.0.16.0/20"]""", "10.0.0.0/20", "10.0.16.0/20")]
    [InlineData("\" [\\\"10.0.0.0/20\\\",\\\"10.0.16.0/20\\\"]\"", "10.0.0.0/20", "10.0.16.0/20")]
    [InlineData("""[["10.0.0.0/20"],"[\"[\\\"10.0.16.0/20\\\"]\"]"]""", "10.0.0.0/20", "10.0.16.0/20")]
    [InlineData("\"10.0.0.0/20\"", "10.0.0.0/20")]
    [InlineData(
        """["192.168.0.0/24",7,null,{"a":1},"nonsense","192.168.1.0/24","[broken"]""",
        "192.168.0.0/24",
        "192.168.1.0/24")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    public void ReadVerifyCen_CidrBlocksInAnyForm_KeepsTheValidOnes(string json, params string[] blocks) =>
        Assert.Equal(blocks, Check($$"""{"Status":"Conflict","CidrBlocks":{{json}}}""").FreeCidrBlocks);

    [Fact]
    public void ReadVerifyCen_RouteEntries_KeepsTheConflictingOnes()
    {
        var check = Check(
            """
            {"Status":"Conflict","RouteEntries":[1,{"DestinationCidrBlock":"x"},
              {"DestinationCidrBlock":"172.16.0.0/16","NextHopInstanceId":"vpc-a","RegionId":"cn-hangzhou",
               "Status":"Conflict"},
              {"DestinationCidrBlock":"10.0.0.0/12","NextHopInstanceId":"vpc-b","RegionId":"cn-hangzhou",
               "Status":"Active"}]}
            """);

        Assert.Equal([new CenRoute("172.16.0.0/16", "vpc-a", "cn-hangzhou")], check.Routes);
        Assert.Empty(check.FreeCidrBlocks);
        Assert.Empty(Check("""{"Status":"Conflict","RouteEntries":7}""").Routes);
    }

    [Fact]
    public async Task DescribeOfficeSites_ResponseWithSecrets_ReadsTheNeededFieldsOnly()
    {
        await using var ecd = RunningEcdClient.Start(Json(
            """
            {"RequestId":"R","NextToken":"t2","OfficeSites":[
              {"OfficeSiteId":"cn-hangzhou+dir-1","Name":"a","CenId":"cen-a","CenAttachStatus":"attached",
               "DomainPassword":"not ours"},
              {"OfficeSiteId":"cn-hangzhou+dir-2","CenId":"","CenAttachStatus":""},
              {"OfficeSiteId":"cn-hangzhou+dir-3","CenId":"cen-b","CenAttachStatus":"attaching"},
              {"Name":"without an id"}, 7]}
            """));

        var describe = new DescribeOfficeSites("cn-hangzhou", "cn-hangzhou+dir-1", "t1");
        var outcome = await ecd.Client.CallAsync(describe, Cancel).WithTimeoutAsync();

        var page = Assert.IsType<OfficeSitePage>(outcome.Response);
        Assert.Equal(
            [
                new OfficeSite("cn-hangzhou+dir-1", "cen-a", IsAttached: true),
                new OfficeSite("cn-hangzhou+dir-2", null, IsAttached: false),
                new OfficeSite("cn-hangzhou+dir-3", "cen-b", IsAttached: false),
            ],
            page.Items);
        Assert.Equal("t2", page.NextToken);
        Assert.Equal(
            "POST /?MaxResults=100&NextToken=t1&OfficeSiteId.1=cn-hangzhou%2Bdir-1&RegionId=cn-hangzhou HTTP/1.1",
            Assert.Single(ecd.Requests).Line);
        Assert.DoesNotContain(ecd.Log, entry => entry.Message.Contains("not ours", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"RequestId":"R","OfficeSites":[]}""", true)]
    [InlineData("""{"RequestId":"R","OfficeSites":{}}""", false)]
    public async Task DescribeOfficeSites_UnknownOutcomes_IsRetried(string last, bool accepted)
    {
        await using var ecd = RunningEcdClient.Start(
            RawHttpReply.Closes, EcdReplies.Refused(503, "ServiceUnavailable"), Json(last));

        var call = ecd.Client.CallAsync(new DescribeOfficeSites("cn-hangzhou", null, null), Cancel);
        await ecd.PassNextDelayAsync();
        await ecd.PassNextDelayAsync();

        Assert.Equal(accepted, (await call.WithTimeoutAsync()).Response is not null);
        Assert.Equal(3, ecd.Requests.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VerifyOrAttach_UnknownOutcome_IsNotRetried(bool attach)
    {
        await using var ecd = RunningEcdClient.Start(RawHttpReply.Closes);

        var failure = await (attach
            ? FailureAsync(new AttachCen(Target, new("cn-hangzhou+dir-1"), Code))
            : FailureAsync(new VerifyCen(Target, Block, Code)));

        Assert.IsType<EcdFailure.Unknown>(failure);
        Assert.Single(ecd.Requests);

        async Task<EcdFailure?> FailureAsync<T>(EcdOperation<T> operation)
            where T : EcdResponse => (await ecd.Client.CallAsync(operation, Cancel).WithTimeoutAsync()).Failure;
    }

    private static RawHttpReply Json(string json) => RawHttpReply.Create(200, "application/json;charset=utf-8", json);

    private static CenCheck Check(string response)
    {
        using var document = JsonDocument.Parse(response);
        return new VerifyCen(Target, Block, Code).Read("R-1", document.RootElement)!;
    }
}
