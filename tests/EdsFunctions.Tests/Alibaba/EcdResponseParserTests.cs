namespace EdsFunctions.Tests.Alibaba;

public sealed class EcdResponseParserTests
{
    private const string RequestId = "1CBAFFAB-B697-4049-A9B1-67E1FC5F2222";

    /// <summary>The message of Alibaba's gateway for an invalid signature. The app must not log it.</summary>
    private const string Message =
        "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256 7b109d72]";

    private static readonly SendVerifyCode Send = new(A.Verification.Target());

    [Theory]
    [InlineData("""{"RequestId":"1CBAFFAB-5F****"}""")]
    [InlineData("""{"requestId":"1CBAFFAB-5F****","code":null}""")]
    [InlineData("""{"RequestId":"1CBAFFAB-5F****","requestId":"R-2"}""")]
    [InlineData("""{"RequestId":"1CBAFFAB-5F****","Code":"200","Success":true}""")]
    [InlineData("""{"RequestId":"1CBAFFAB-5F****","Code":"OK"}""")]
    [InlineData("""{"RequestId":"1CBAFFAB-5F****","Code":"success"}""")]
    [InlineData("\uFEFF\r\n {\"RequestId\":\"1CBAFFAB-5F****\"}")]
    [InlineData("""{"More":[{"Code":"x"}],"RequestId":"1CBAFFAB-5F****"}""")]
    [InlineData("<SendVerifyCodeResponse><RequestId>1CBAFFAB-5F****</RequestId></SendVerifyCodeResponse>")]
    // The forms of responses of other products of Alibaba: aliyun/openapi-core-nodejs-sdk#2, #14 and #85.
    [InlineData("""{"RequestId":"1CBAFFAB-5F****","Code":200,"ErrorCode":"","Success":"TRUE"}""")]
    [InlineData("""{"RequestId":"1CBAFFAB-5F****","Code":"ok","ErrorCode":" ","Success":""}""")]
    [InlineData("""{"RequestId":"1CBAFFAB-5F****","code":"SUCCESS","ErrorCode":"200","success":null}""")]
    [InlineData("\r\n<?xml version=\"1.0\" encoding=\"UTF-8\"?><R><RequestId>1CBAFFAB-5F****</RequestId></R>")]
    [InlineData("\uFEFF<?xml version=\"1.0\" encoding=\"GBK\"?><R><RequestId>1CBAFFAB-5F****</RequestId></R>")]
    [InlineData("<R><Code>200</Code><Success>true</Success><RequestId><![CDATA[1CBAFFAB-5F****]]></RequestId></R>")]
    public void Parse_RequestId_IsAcceptedWithStatus200Only(string body)
    {
        Assert.Equal(new EcdResponse("1CBAFFAB-5F****"), Parse(200, body).Response);
        Assert.All([100, 201, 202, 204, 302, 304, 400, 403, 503], status =>
            Assert.IsType<EcdFailure.Unknown>(Parse(status, body).Failure));
    }

    /// <summary>
    /// Some gateways return a failure with the status 200. The e-mail may have been sent nevertheless.
    /// </summary>
    [Theory]
    [InlineData("""{"RequestId":"R-1","Success":false}""")]
    [InlineData("""{"RequestId":"R-1","success":"False","Code":"200"}""")]
    [InlineData("""{"RequestId":"R-1","Success":false,"ErrorCode":"Forbidden.RAM"}""", "Forbidden.RAM")]
    [InlineData("""{"RequestId":"R-1","ErrorCode":"Throttling","Code":""}""", "Throttling")]
    [InlineData("<R><RequestId>R-1</RequestId><Success>false</Success></R>")]
    [InlineData("<R><RequestId>R-1</RequestId><Success><![CDATA[FALSE]]></Success><Code>OK</Code></R>")]
    [InlineData("""{"RequestId":"R-1","Success":0}""")]
    [InlineData("""{"RequestId":"R-1","Success":"no","Code":"success","ErrorCode":"200"}""")]
    public void Parse_FailureWithStatus200_ReturnsUnknown(string body, string? code = null) =>
        Assert.Equal(code, Assert.IsType<EcdFailure.Unknown>(Parse(200, body).Failure).Error?.Code);

    [Theory]
    [InlineData("""{"ErrorCode":"Forbidden.RAM","Success":false}""", "Forbidden.RAM")]
    [InlineData("""{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":""}}""", "NoPermission")]
    [InlineData("\uFEFF{\"Code\":\"NoPermission\"}", "NoPermission")]
    [InlineData("\uFEFF<Error><Code><![CDATA[NoPermission]]></Code></Error>", "NoPermission")]
    [InlineData("\n<?xml version=\"1.0\"?><Error><Code><![CDATA[\n NoPermission ]]></Code></Error>", "NoPermission")]
    [InlineData("<Error><Code>NoPermission</Code><AuthAction> </AuthAction><AuthAction/></Error>", "NoPermission")]
    [InlineData("""{"Code":"Forbidden.RAM","AccessDeniedDetail":{"AuthAction":" "}}""", "Forbidden.RAM")]
    [InlineData("""{"Code":"Forbidden.RAM","AccessDeniedDetail":{"AuthAction":[]}}""", "Forbidden.RAM")]
    [InlineData("""{"Code":"Forbidden.RAM","AccessDeniedDetail":{"AuthAction":{}}}""", "Forbidden.RAM")]
    [InlineData("""{"Code":" ","ErrorCode":"Forbidden.RAM"}""", "Forbidden.RAM")]
    [InlineData("""{"Code":"OK","ErrorCode":"Forbidden.RAM"}""", "Forbidden.RAM")]
    [InlineData("""{"Code":"NoPermission","ErrorCode":"Forbidden.RAM"}""", "NoPermission")]
    [InlineData("<Error><ErrorCode>Forbidden.RAM</ErrorCode></Error>", "Forbidden.RAM")]
    public void Parse_CodeInAnotherField_ReturnsRejected(string body, string code) =>
        Assert.Equal(code, Assert.IsType<EcdFailure.Rejected>(Parse(403, body).Failure).Error.Code);

    /// <summary>
    /// The families of error codes in Alibaba's documentation, with codes from AlibabaCloudDocs/ecs ("Response
    /// results") and from other products.
    /// </summary>
    [Theory]
    [InlineData(EcdErrorKind.Throttled, 400, "Throttling", "ThrottlingOfAnotherKind", "Throttling.User")]
    [InlineData(EcdErrorKind.Throttled, 400, "Rejected.Throttling", "TooManyRequests", "TooManyRequests.User")]
    [InlineData(EcdErrorKind.Throttled, 400, "Throttling.Api", "Throttling.User.Flow", "Rejected.TooManyRequests")]
    [InlineData(EcdErrorKind.Throttled, 429, "Throttling.User", "TooManyRequests")]
    [InlineData(EcdErrorKind.Credentials, 400, "SignatureDoesNotMatch", "IncompleteSignature")]
    [InlineData(EcdErrorKind.Credentials, 400, "InvalidAccessKeyId.Inactive", "Forbidden.AccessKeyDisabled")]
    [InlineData(EcdErrorKind.Credentials, 400, "InvalidSecurityToken.Expired")]
    [InlineData(EcdErrorKind.Credentials, 400, "InvalidSecurityToken.MismatchWithAccessKey")]
    [InlineData(EcdErrorKind.Credentials, 403, "SignatureDoesNotMatch")]
    [InlineData(EcdErrorKind.Credentials, 403, "Forbidden.AccessKeyDisabled", "AccessKeyDisabled")]
    [InlineData(EcdErrorKind.Credentials, 404, "InvalidAccessKeyId.NotFound")]
    [InlineData(EcdErrorKind.Credentials, 400, "MissingSecurityToken", "InvalidAccessKeySecret")]
    [InlineData(EcdErrorKind.Clock, 400, "InvalidTimeStamp.Expired", "InvalidTimeStamp.Format", "IllegalTimestamp")]
    [InlineData(EcdErrorKind.Clock, 400, "InvalidTimestamp.Expired", "IllegalTimeStamp.Expired")]
    [InlineData(EcdErrorKind.Permission, 400, "Forbidden", "Forbidden.RAM", "Forbidden.Unauthorized")]
    [InlineData(EcdErrorKind.Permission, 400, "Forbidden.SubUser", "NoPermission.Policy")]
    [InlineData(EcdErrorKind.Permission, 403, "Forbidden", "Forbidden.RAM", "NoPermission")]
    [InlineData(EcdErrorKind.Request, 400, "MissingRegionId", "InvalidParameter.ExtraInfo", "InvalidCen.CenUidInvalid")]
    [InlineData(EcdErrorKind.Request, 400, "IllegalParameter", "UnsupportedHTTPMethod", "IncompleteBody")]
    [InlineData(EcdErrorKind.Request, 400, "OperationDenied.Cen", "OperationUnsupported", "IncorrectStatus")]
    [InlineData(EcdErrorKind.Request, 400, "IncorrectStatus.Cen", "QuotaExceed", "VerifyCode.InvalidTokenCode")]
    [InlineData(EcdErrorKind.Request, 400, "Cen.NotFound", "Cen.NotExist.Any", "Code.Malformed", "Name.Duplicate")]
    [InlineData(EcdErrorKind.Request, 400, "Forbidden.RiskControl", "Forbidden.InstanceNotFound")]
    [InlineData(EcdErrorKind.Request, 403, "Forbidden.RiskControl", "Forbidden.InstanceNotFound")]
    [InlineData(EcdErrorKind.Request, 403, "Forbidden.NotSupportRAM", "Forbidden.Authentication")]
    [InlineData(EcdErrorKind.Request, 404, "InvalidApi.NotFound", "InvalidProtocol.NeedSsl")]
    [InlineData(EcdErrorKind.Request, 409, "InvalidVersion")]
    [InlineData(EcdErrorKind.Request, 499, "InvalidVersion")]
    public void Parse_CodeOfAKnownFamily_ReturnsRejectedInEveryForm(
        EcdErrorKind kind, int status, params string[] codes) =>
        Assert.All(codes, code => Assert.All(InEveryForm(code, status), outcome =>
        {
            var rejected = Assert.IsType<EcdFailure.Rejected>(outcome.Failure);
            Assert.Equal(new EcdError(code, status, RequestId), rejected.Error);
            Assert.Equal(kind, rejected.Error.Kind);
        }));

    /// <summary>Alibaba may return a code of no known family after it has sent the e-mail.</summary>
    [Theory]
    [InlineData("InternalServerError", "InternalError", "InternalError.Backend", "InternalFailure", "SystemError")]
    [InlineData("ServiceUnavailable", "ServiceUnavailable.Region", "SystemBusy", "OperationBusy", "BackendFailed")]
    [InlineData("SignatureNonceUsed", "UnknownError", "throttling", "forbidden", "CodeOfNextYear")]
    [InlineData("InvalidParameter.Timeout", "Forbidden.TimeoutOfService", "operationtimeout", "backend.timeout")]
    [InlineData("IdempotentParameterMismatch", "InsufficientBalance", "RealNameAuthenticationError", "AccessDenied")]
    [InlineData("LastTokenProcessing", "ChargeTypeViolation", "OperationConflict", "ServiceBusy", "TaskConflict")]
    public void Parse_CodeOfNoKnownFamily_ReturnsUnknownInEveryForm(params string[] codes) => Assert.All(
        codes,
        code => Assert.All([400, 403, 404, 407, 409, 429, 449], status => ShouldBeUnknownInEveryForm(status, code)));

    /// <summary>With these HTTP statuses, the e-mail may have been sent, whatever the error code is.</summary>
    [Theory]
    [InlineData(200, "Throttling")]
    [InlineData(302, "Forbidden.RAM")]
    [InlineData(399, "InvalidVersion")]
    [InlineData(408, "Throttling")]
    [InlineData(500, "InternalError", "Throttling.User", "Forbidden.RAM")]
    [InlineData(502, "SignatureDoesNotMatch")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(504, "GatewayTimeout")]
    [InlineData(599, "Anything")]
    public void Parse_StatusOfNoRejection_ReturnsUnknownInEveryForm(int status, params string[] codes) =>
        Assert.All(codes, code => ShouldBeUnknownInEveryForm(status, code));

    [Theory]
    [InlineData("", "garbage", "null", "\"1CBAFFAB\"", "{}", "[{\"RequestId\":\"1CBAFFAB\"}]")]
    [InlineData("{\"RequestId\":\"1CBAFFAB", "{\"RequestId\":\"1CBAFFAB\"} and more")]
    [InlineData("{\"RequestId\":null}", "{\"RequestId\":\"\"}", "{\"RequestId\":{}}")]
    [InlineData("{\"RequestId\":\"two words\"}", "{\"RequestId\":\"1CBAFFAB\\n\"}")]
    [InlineData("{\"RequestId\":\"<b>1CBAFFAB</b>\"}", "{\"RequestId\":\"\\ud800\"}")]
    [InlineData("{\"Result\":{\"RequestId\":\"1CBAFFAB\"}}")]
    [InlineData("<Response>", "<Response><RequestId>1CBAFFAB</Response>")]
    [InlineData("<Response><RequestId/></Response>", "<Response><RequestId>two words</RequestId></Response>")]
    [InlineData("<Response><RequestId><!--1CBAFFAB--></RequestId></Response>")]
    [InlineData("<!DOCTYPE html><html><head><title>Sign in to the network</title></head></html>")]
    [InlineData("upstream connect error")]
    public void Parse_MalformedBody_ReturnsUnknownWithoutQuotingIt(params string[] bodies) =>
        Assert.All(bodies, body => Assert.All([200, 400, 403, 404, 429, 500, 503], status =>
        {
            var unknown = Assert.IsType<EcdFailure.Unknown>(Parse(status, body).Failure);
            Assert.DoesNotContain("CBAFFAB", unknown.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("<", unknown.Reason, StringComparison.Ordinal);
        }));

    [Theory]
    [InlineData(500, "{}", "Alibaba returned 500")]
    [InlineData(502, "<html>", "Alibaba returned 502")]
    [InlineData(499, "<html>", "Alibaba returned 499 with a malformed body")]
    [InlineData(200, "<html>", "Alibaba returned 200 with a malformed body")]
    [InlineData(200, "{}", "Alibaba returned 200 without a request id")]
    [InlineData(200, "[{}]", "Alibaba returned 200 with a malformed body")]
    [InlineData(200, "<html", "Alibaba returned 200 with a malformed body")]
    [InlineData(
        200, """{"RequestId":"R-1","Success":false}""", "Alibaba returned 200 with Success false and no error code")]
    public void Parse_MalformedBody_ReturnsTheReason(int status, string body, string reason) =>
        Assert.Equal(new EcdFailure.Unknown(reason), Parse(status, body).Failure);

    [Theory]
    [InlineData("\"has space\"")]
    [InlineData("\"\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"<script>\"")]
    [InlineData("\"Throttling\\u0000\"")]
    [InlineData("{\"Code\":\"Throttling\"}")]
    [InlineData("[\"Throttling\"]")]
    public void Parse_MalformedCode_ReturnsUnknown(string code) =>
        Assert.IsType<EcdFailure.Unknown>(Parse(400, $$"""{"Code":{{code}},"RequestId":"{{RequestId}}"}""").Failure);

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Parse_NameOf129Characters_ReturnsUnknown(int length, bool accepted)
    {
        var name = new string('x', length);

        Assert.Equal(accepted, Parse(200, $$"""{"RequestId":"{{name}}"}""").Response is not null);
        Assert.Equal(accepted, Parse(400, $$"""{"Code":"Invalid{{name[7..]}}"}""").Failure is EcdFailure.Rejected);
        var denied = Parse(403, $$$"""{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":"{{{name}}}"}}""");
        Assert.Equal(accepted, denied.Failure is EcdFailure.Rejected);
    }

    [Theory]
    [InlineData("""
        {"Code":"NoPermission","Message":"You are not authorized to do this action.","RequestId":"1CBAFFAB",
         "AccessDeniedDetail":{"PolicyType":"AccountLevelIdentityBasedPolicy","AuthAction":"ecd:SendVerifyCode",
         "AuthPrincipalOwnerId":"1234567890123456","NoPermissionType":"ImplicitDeny"}}
        """)]
    [InlineData("""
        <Error><Code>NoPermission</Code><AccessDeniedDetail>
        <AuthPrincipalOwnerId>1234567890123456</AuthPrincipalOwnerId>
        <AuthAction>ecd:SendVerifyCode</AuthAction></AccessDeniedDetail><RequestId>1CBAFFAB</RequestId></Error>
        """)]
    public void Parse_AccessDeniedDetail_ReturnsTheMissingAction(string body) => Assert.Equal(
        new EcdFailure.Rejected(new EcdError("NoPermission", 403, "1CBAFFAB", "ecd:SendVerifyCode")),
        Parse(403, body).Failure);

    /// <summary>The error code does not mean a missing permission, so to grant the action would not help.</summary>
    [Theory]
    [InlineData("Forbidden.RiskControl")]
    [InlineData("Forbidden.InstanceNotFound")]
    [InlineData("SignatureDoesNotMatch")]
    public void Parse_AccessDeniedDetailWithAnotherCode_NamesNoMissingAction(string code) => Assert.Equal(
        new EcdFailure.Rejected(new EcdError(code, 403)),
        Parse(403, $$$"""{"Code":"{{{code}}}","AccessDeniedDetail":{"AuthAction":"ecd:SendVerifyCode"}}""").Failure);

    /// <summary>
    /// A header that asks for a delay does not make an unknown code mean throttling. Alibaba's own tool assumes so:
    /// aliyun/aliyun-cli#1395.
    /// </summary>
    [Fact]
    public void Parse_UnknownCodeWithRetryAfterHeader_ReturnsUnknown() =>
        Assert.IsType<EcdFailure.Unknown>(Parse(400, """{"Code":"FlowLimit"}""", "1000").Failure);

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("{\"AuthAction\":null}")]
    public void Parse_AccessDeniedDetailIsMalformed_ReturnsRejected(string detail) => Assert.Equal(
        new EcdFailure.Rejected(new EcdError("Forbidden.RAM", 403)),
        Parse(403, $$"""{"Code":"Forbidden.RAM","AccessDeniedDetail":{{detail}}}""").Failure);

    [Theory]
    [InlineData("1500", 1_500)]
    [InlineData("0", 0)]
    [InlineData("2147483647", 2_147_483_647)]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("Tue, 24 Nov 2026 12:00:00 GMT", null)]
    public void Parse_RetryAfterHeader_IsInMilliseconds(string? header, int? milliseconds)
    {
        var rejected = Assert.IsType<EcdFailure.Rejected>(Parse(400, """{"Code":"Throttling"}""", header).Failure);

        Assert.Equal(milliseconds, rejected.Error.RetryAfter?.TotalMilliseconds);
    }

    [Theory]
    [InlineData("<!DOCTYPE Error><Error><Code>Throttling</Code></Error>")]
    [InlineData("<!DOCTYPE Error [<!ENTITY c \"Throttling\">]><Error><Code>&c;</Code></Error>")]
    [InlineData(
        "<!DOCTYPE Error [<!ENTITY c SYSTEM \"file:///etc/hostname\">]>"
        + "<Error><Code>Throttling</Code><X>&c;</X></Error>")]
    [InlineData("<!DOCTYPE Error SYSTEM \"http://127.0.0.1:9/x.dtd\"><Error><Code>Throttling</Code></Error>")]
    public void Parse_XmlWithDocumentType_ReturnsUnknown(string body) =>
        Assert.IsType<EcdFailure.Unknown>(Parse(400, body).Failure);

    [Theory]
    [InlineData("<Error><Code>Throttling</Code></Error>")]
    [InlineData("<Error><Code> Throttling\n</Code><Code>Forbidden</Code></Error>")]
    [InlineData("<Error><Code/><Code>Throttling</Code></Error>")]
    [InlineData("<Error><RequestId><!--R-1--></RequestId><code>Throttling</code></Error>")]
    public void Parse_XmlWithSeveralElements_UsesTheFirstNonEmptyOne(string body) =>
        Assert.Equal(new EcdFailure.Rejected(new EcdError("Throttling", 400)), Parse(400, body).Failure);

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(5_000, false)]
    public void Parse_XmlDeeperThanSixteen_ReturnsUnknown(int depth, bool accepted)
    {
        var start = string.Concat(Enumerable.Repeat("<a>", depth));
        var end = string.Concat(Enumerable.Repeat("</a>", depth));

        Assert.Equal(accepted, Parse(400, $"{start}<Code>Throttling</Code>{end}").Failure is EcdFailure.Rejected);
        Assert.IsType<EcdFailure.Unknown>(Parse(400, start).Failure);
    }

    [Fact]
    public void Parse_DeepJsonOrNoise_ReturnsUnknown()
    {
        var (open, close) = (new string('[', 30_000), new string(']', 30_000));
        var noise = new byte[4_096];
        new Random(42).NextBytes(noise);

        Assert.IsType<EcdFailure.Unknown>(Parse(400, $$"""{"a":{{open}}{{close}},"Code":"Throttling"}""").Failure);
        Assert.IsType<EcdFailure.Unknown>(EcdResponseParser.Parse(Send, 200, null, noise).Failure);
        Assert.IsType<EcdFailure.Unknown>(EcdResponseParser.Parse(Send, 400, null, noise).Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""
        , "Status":"\ud800"
        """)]
    public void Parse_ResultIsMissingOrMalformed_ReturnsUnknown(string status)
    {
        var check = new VerifyCen(A.Verification.Target(), new CidrBlock("192.168.0.0/24"), code: null);
        var body = Encoding.UTF8.GetBytes($$"""{"RequestId":"{{RequestId}}"{{status}}}""");

        Assert.Equal(
            new EcdFailure.Unknown("Alibaba returned 200 without a valid result of VerifyCen"),
            EcdResponseParser.Parse(check, 200, null, body).Failure);
    }

    [Theory]
    [InlineData(200, """{"RequestId":"1CBAFFAB"}""")]
    [InlineData(403, """{"Code":"Forbidden.RAM","RequestId":"1CBAFFAB"}""")]
    [InlineData(403, "<Error><Code>Forbidden.RAM</Code><RequestId>1CBAFFAB</RequestId></Error>")]
    public void Parse_TruncatedBody_ReturnsUnknown(int status, string body) => Assert.All(
        Enumerable.Range(0, body.Length),
        end => Assert.IsType<EcdFailure.Unknown>(Parse(status, body[..end]).Failure));

    [Fact]
    public void Name_EachOutcome_IsTheOneInDashboardsAndAlerts() => Assert.Equal(
        ["accepted", "rejected", "not-sent", "unknown"],
        new EcdOutcome<EcdResponse>[]
        {
            new EcdResponse("R-1"),
            new EcdFailure.Rejected(new EcdError("Throttling", 400)),
            new EcdFailure.NotSent("x"),
            new EcdFailure.Unknown("x"),
        }.Select(outcome => outcome.Name()));

    private static void ShouldBeUnknownInEveryForm(int status, string code) => Assert.All(
        InEveryForm(code, status),
        outcome => Assert.Equal(
            new EcdFailure.Unknown($"Alibaba returned {status} {code}", new EcdError(code, status, RequestId)),
            outcome.Failure));

    private static EcdOutcome<EcdResponse>[] InEveryForm(string code, int status)
    {
        EcdOutcome<EcdResponse>[] outcomes =
        [
            Parse(
                status,
                $$"""{"Code":"{{code}}","Message":"{{Message}}","RequestId":"{{RequestId}}","Recommend":"x"}"""),
            Parse(
                status, $$"""{"code":"{{code}}","message":"{{Message}}","requestId":"{{RequestId}}","hostId":"ecd"}"""),
            Parse(status, $$"""{"requestid":"{{RequestId}}","CODE":"{{code}}"}"""),
            Parse(
                status,
                $"<Error><RequestId>{RequestId}</RequestId><Code>{code}</Code><Message>{Message}</Message></Error>"),
            Parse(status, $"""
                <?xml version="1.0" encoding="UTF-8"?>
                <Error>
                  <requestId>{RequestId}</requestId> <hostId>ecd</hostId> <recommend/>
                  <code>
                    {code}
                  </code>
                </Error>
                """),
        ];
        Assert.All(
            outcomes,
            outcome => Assert.DoesNotContain("calculation", outcome.ToString(), StringComparison.Ordinal));
        return outcomes;
    }

    private static EcdOutcome<EcdResponse> Parse(int status, string body, string? retryAfter = null) =>
        EcdResponseParser.Parse(Send, status, retryAfter, Encoding.UTF8.GetBytes(body));
}
