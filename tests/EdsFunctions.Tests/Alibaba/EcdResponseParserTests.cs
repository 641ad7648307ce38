namespace EdsFunctions.Tests.Alibaba;

public sealed class EcdResponseParserTests
{
    private const string RequestId = "1CBAFFAB-B697-4049-A9B1-67E1FC5F2222";

    /// <summary>A message as the gateway writes it for a signature that does not match; it must end in no log.</summary>
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
    public void A_request_id_with_200_is_accepted(string body)
    {
        Assert.Equal(new EcdResponse("1CBAFFAB-5F****"), Parse(200, body).Response);
        Assert.All([100, 201, 202, 204, 302, 304, 400, 403, 503], status =>
            Assert.IsType<EcdFailure.Unknown>(Parse(status, body).Failure));
    }

    /// <summary>Some gateways answer a failure with 200. It is no proof that nothing was sent.</summary>
    [Theory]
    [InlineData("""{"RequestId":"R-1","Success":false}""")]
    [InlineData("""{"RequestId":"R-1","success":"False","Code":"200"}""")]
    [InlineData("""{"RequestId":"R-1","Success":false,"ErrorCode":"Forbidden.RAM"}""", "Forbidden.RAM")]
    [InlineData("""{"RequestId":"R-1","ErrorCode":"Throttling","Code":""}""", "Throttling")]
    [InlineData("<R><RequestId>R-1</RequestId><Success>false</Success></R>")]
    public void A_failure_with_200_is_unknown(string body, string? code = null) =>
        Assert.Equal(code, Assert.IsType<EcdFailure.Unknown>(Parse(200, body).Failure).Error?.Code);

    [Theory]
    [InlineData("""{"ErrorCode":"Forbidden.RAM","Success":false}""", "Forbidden.RAM")]
    [InlineData("""{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":""}}""", "NoPermission")]
    [InlineData("\uFEFF{\"Code\":\"NoPermission\"}", "NoPermission")]
    [InlineData("\uFEFF<Error><Code><![CDATA[NoPermission]]></Code></Error>", "NoPermission")]
    public void A_code_is_found_where_gateways_write_it(string body, string code) =>
        Assert.Equal(code, Assert.IsType<EcdFailure.Rejected>(Parse(403, body).Failure).Error.Code);

    /// <summary>The vendor's error table.</summary>
    [Theory]
    [InlineData(EcdErrorKind.Throttled, 400, "Throttling", "ThrottlingOfAnotherKind")]
    [InlineData(EcdErrorKind.Throttled, 429, "Throttling.User")]
    [InlineData(EcdErrorKind.Credentials, 400, "SignatureDoesNotMatch", "InvalidAccessKeyId.Inactive", "IncompleteSignature")]
    [InlineData(EcdErrorKind.Credentials, 400, "InvalidSecurityToken.Expired", "InvalidSecurityToken.MismatchWithAccessKey")]
    [InlineData(EcdErrorKind.Credentials, 403, "SignatureDoesNotMatch")]
    [InlineData(EcdErrorKind.Credentials, 404, "InvalidAccessKeyId.NotFound")]
    [InlineData(EcdErrorKind.Clock, 400, "InvalidTimeStamp.Expired", "InvalidTimeStamp.Format")]
    [InlineData(EcdErrorKind.Request, 400, "MissingRegionId", "InvalidParameter.ExtraInfo", "OperationDenied.Cen", "QuotaExceed")]
    [InlineData(EcdErrorKind.Request, 400, "UnsupportedHTTPMethod", "Cen.NotFound", "Parameter.Malformed", "IncorrectStatus")]
    [InlineData(EcdErrorKind.Request, 404, "InvalidApi.NotFound", "InvalidProtocol.NeedSsl")]
    [InlineData(EcdErrorKind.Request, 409, "InvalidVersion")]
    [InlineData(EcdErrorKind.Request, 499, "InvalidVersion")]
    [InlineData(EcdErrorKind.Permission, 403, "Forbidden", "Forbidden.RAM", "NoPermission")]
    [InlineData(EcdErrorKind.Request, 403, "Forbidden.RiskControl", "Forbidden.InstanceNotFound")]
    public void A_code_that_means_not_done_is_a_rejection_in_every_form(EcdErrorKind kind, int status, params string[] codes) =>
        Assert.All(codes, code => Assert.All(InEveryForm(code, status), outcome =>
        {
            var rejected = Assert.IsType<EcdFailure.Rejected>(outcome.Failure);
            Assert.Equal(new EcdError(code, status, RequestId), rejected.Error);
            Assert.Equal(kind, rejected.Error.Kind);
        }));

    /// <summary>The e-mail may be on its way, whatever the code says.</summary>
    [Theory]
    [InlineData(200, "Throttling")]
    [InlineData(302, "Forbidden.RAM")]
    [InlineData(399, "InvalidVersion")]
    [InlineData(400, "SignatureNonceUsed", "ServiceUnavailable", "ServiceUnavailable.Region")]
    [InlineData(400, "InternalError", "InternalError.Backend", "BackendTimeout", "backend.timeout", "InternalServerError")]
    [InlineData(400, "SystemBusy", "OperationBusy", "UnknownError", "throttling", "Anything")]
    [InlineData(407, "BackendTimed")]
    [InlineData(408, "Throttling")]
    [InlineData(500, "InternalError", "Throttling.User", "Forbidden.RAM")]
    [InlineData(502, "SignatureDoesNotMatch")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(504, "GatewayTimeout")]
    [InlineData(599, "Anything")]
    public void A_response_that_leaves_it_open_is_unknown_in_every_form(int status, params string[] codes) =>
        Assert.All(codes, code => Assert.All(InEveryForm(code, status), outcome => Assert.Equal(
            new EcdFailure.Unknown($"Alibaba answered {status} {code}", new EcdError(code, status, RequestId)),
            outcome.Failure)));

    /// <summary>Bodies that say nothing that can be relied on.</summary>
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
    public void An_unreadable_body_is_unknown_and_not_repeated(params string[] bodies) =>
        Assert.All(bodies, body => Assert.All([200, 400, 403, 404, 429, 500, 503], status =>
        {
            var unknown = Assert.IsType<EcdFailure.Unknown>(Parse(status, body).Failure);
            Assert.DoesNotContain("CBAFFAB", unknown.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("<", unknown.Reason, StringComparison.Ordinal);
        }));

    /// <summary>The caller reads the reason: the status is what an operator can start from.</summary>
    [Theory]
    [InlineData(500, "{}", "Alibaba answered 500")]
    [InlineData(502, "<html>", "Alibaba answered 502")]
    [InlineData(499, "<html>", "Alibaba answered 499 with a body that cannot be read")]
    [InlineData(200, "<html>", "Alibaba answered 200 with a body that cannot be read")]
    [InlineData(200, "{}", "Alibaba answered 200 without a request id")]
    [InlineData(200, "[{}]", "Alibaba answered 200 with a body that cannot be read")]
    [InlineData(200, "<html", "Alibaba answered 200 with a body that cannot be read")]
    [InlineData(200, """{"RequestId":"R-1","Success":false}""", "Alibaba answered 200 without success, and without a code")]
    public void An_unknown_outcome_says_what_was_wrong_with_the_response(int status, string body, string reason) =>
        Assert.Equal(new EcdFailure.Unknown(reason), Parse(status, body).Failure);

    [Theory]
    [InlineData("\"has space\"")]
    [InlineData("\"\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"<script>\"")]
    [InlineData("\"Throttling\\u0000\"")]
    [InlineData("{\"Code\":\"Throttling\"}")]
    [InlineData("[\"Throttling\"]")]
    public void A_code_that_no_gateway_writes_decides_nothing(string code) =>
        Assert.IsType<EcdFailure.Unknown>(Parse(400, $$"""{"Code":{{code}},"RequestId":"{{RequestId}}"}""").Failure);

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_name_has_128_characters_at_most(int length, bool readable)
    {
        var name = new string('x', length);

        Assert.Equal(readable, Parse(200, $$"""{"RequestId":"{{name}}"}""").Response is not null);
        Assert.Equal(readable, Parse(400, $$"""{"Code":"Invalid{{name[7..]}}"}""").Failure is EcdFailure.Rejected);
        Assert.Equal(readable, Parse(403, $$$"""{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":"{{{name}}}"}}""").Failure is EcdFailure.Rejected);
    }

    [Theory]
    [InlineData("""
        {"Code":"NoPermission","Message":"You are not authorized to do this action.","RequestId":"1CBAFFAB",
         "AccessDeniedDetail":{"PolicyType":"AccountLevelIdentityBasedPolicy","AuthAction":"ecd:SendVerifyCode",
         "AuthPrincipalOwnerId":"1234567890123456","NoPermissionType":"ImplicitDeny"}}
        """)]
    [InlineData("""
        <Error><Code>NoPermission</Code><AccessDeniedDetail><AuthPrincipalOwnerId>1234567890123456</AuthPrincipalOwnerId>
        <AuthAction>ecd:SendVerifyCode</AuthAction></AccessDeniedDetail><RequestId>1CBAFFAB</RequestId></Error>
        """)]
    public void A_denial_names_the_action_that_is_missing(string body) => Assert.Equal(
        new EcdFailure.Rejected(new EcdError("NoPermission", 403, "1CBAFFAB", "ecd:SendVerifyCode")),
        Parse(403, body).Failure);

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("{\"AuthAction\":null}")]
    public void A_denial_without_detail_is_a_denial(string detail) => Assert.Equal(
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
    public void How_long_to_wait_is_a_number_of_milliseconds(string? header, int? milliseconds)
    {
        var rejected = Assert.IsType<EcdFailure.Rejected>(Parse(400, """{"Code":"Throttling"}""", header).Failure);

        Assert.Equal(milliseconds, rejected.Error.RetryAfter?.TotalMilliseconds);
    }

    [Theory]
    [InlineData("<!DOCTYPE Error><Error><Code>Throttling</Code></Error>")]
    [InlineData("<!DOCTYPE Error [<!ENTITY c \"Throttling\">]><Error><Code>&c;</Code></Error>")]
    [InlineData("<!DOCTYPE Error [<!ENTITY c SYSTEM \"file:///etc/hostname\">]><Error><Code>Throttling</Code><X>&c;</X></Error>")]
    [InlineData("<!DOCTYPE Error SYSTEM \"http://127.0.0.1:9/x.dtd\"><Error><Code>Throttling</Code></Error>")]
    public void XML_with_a_document_type_is_not_read(string body) =>
        Assert.IsType<EcdFailure.Unknown>(Parse(400, body).Failure);

    [Theory]
    [InlineData("<Error><Code>Throttling</Code></Error>")]
    [InlineData("<Error><Code> Throttling\n</Code><Code>Forbidden</Code></Error>")]
    [InlineData("<Error><Code/><Code>Throttling</Code></Error>")]
    [InlineData("<Error><RequestId><!--R-1--></RequestId><code>Throttling</code></Error>")]
    public void The_first_text_of_an_element_counts(string body) =>
        Assert.Equal(new EcdFailure.Rejected(new EcdError("Throttling", 400)), Parse(400, body).Failure);

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(5_000, false)]
    public void XML_is_read_sixteen_deep(int depth, bool readable)
    {
        var (start, end) = (string.Concat(Enumerable.Repeat("<a>", depth)), string.Concat(Enumerable.Repeat("</a>", depth)));

        Assert.Equal(readable, Parse(400, $"{start}<Code>Throttling</Code>{end}").Failure is EcdFailure.Rejected);
        Assert.IsType<EcdFailure.Unknown>(Parse(400, start).Failure);
    }

    [Fact]
    public void Nested_JSON_and_noise_are_unknown_and_not_a_crash()
    {
        var (open, close) = (new string('[', 30_000), new string(']', 30_000));
        var noise = new byte[4_096];
        new Random(42).NextBytes(noise);

        Assert.IsType<EcdFailure.Unknown>(Parse(400, $$"""{"a":{{open}}{{close}},"Code":"Throttling"}""").Failure);
        Assert.IsType<EcdFailure.Unknown>(EcdResponseParser.Parse(Send, 200, null, noise).Failure);
        Assert.IsType<EcdFailure.Unknown>(EcdResponseParser.Parse(Send, 400, null, noise).Failure);
    }

    /// <summary>Accepted, but the result is missing or malformed.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("""
        , "Status":"\ud800"
        """)]
    public void A_response_without_the_result_of_its_operation_is_unknown(string status)
    {
        var check = new VerifyCen(A.Verification.Target(), new CidrBlock("192.168.0.0/24"), code: null);
        var body = Encoding.UTF8.GetBytes($$"""{"RequestId":"{{RequestId}}"{{status}}}""");

        Assert.Equal(
            new EcdFailure.Unknown("Alibaba's answer is not one to VerifyCen"),
            EcdResponseParser.Parse(check, 200, null, body).Failure);
    }

    /// <summary>A response that is cut off is never taken for a whole one with another meaning.</summary>
    [Theory]
    [InlineData(200, """{"RequestId":"1CBAFFAB"}""")]
    [InlineData(403, """{"Code":"Forbidden.RAM","RequestId":"1CBAFFAB"}""")]
    [InlineData(403, "<Error><Code>Forbidden.RAM</Code><RequestId>1CBAFFAB</RequestId></Error>")]
    public void No_beginning_of_a_response_is_taken_for_the_whole(int status, string body) => Assert.All(
        Enumerable.Range(0, body.Length),
        end => Assert.IsType<EcdFailure.Unknown>(Parse(status, body[..end]).Failure));

    /// <summary>Dashboards and alerts count by these names.</summary>
    [Fact]
    public void Each_outcome_keeps_its_name_in_logs_and_metrics() => Assert.Equal(
        ["accepted", "rejected", "not-sent", "unknown"],
        new EcdOutcome<EcdResponse>[]
        {
            new EcdResponse("R-1"), new EcdFailure.Rejected(new EcdError("Throttling", 400)), new EcdFailure.NotSent("x"),
            new EcdFailure.Unknown("x"),
        }.Select(outcome => outcome.Name()));

    private static EcdOutcome<EcdResponse>[] InEveryForm(string code, int status)
    {
        EcdOutcome<EcdResponse>[] outcomes =
        [
            Parse(status, $$"""{"Code":"{{code}}","Message":"{{Message}}","RequestId":"{{RequestId}}","Recommend":"https://x"}"""),
            Parse(status, $$"""{"code":"{{code}}","message":"{{Message}}","requestId":"{{RequestId}}","hostId":"ecd"}"""),
            Parse(status, $$"""{"requestid":"{{RequestId}}","CODE":"{{code}}"}"""),
            Parse(status, $"<Error><RequestId>{RequestId}</RequestId><Code>{code}</Code><Message>{Message}</Message></Error>"),
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
        Assert.All(outcomes, outcome => Assert.DoesNotContain("calculation", outcome.ToString(), StringComparison.Ordinal));
        return outcomes;
    }

    private static EcdOutcome<EcdResponse> Parse(int status, string body, string? retryAfter = null) =>
        EcdResponseParser.Parse(Send, status, retryAfter, Encoding.UTF8.GetBytes(body));
}
