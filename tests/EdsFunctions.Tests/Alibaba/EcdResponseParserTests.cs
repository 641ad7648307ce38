namespace EdsFunctions.Tests.Alibaba;

public sealed class EcdResponseParserTests
{
    private const string RequestId = "1CBAFFAB-B697-4049-A9B1-67E1FC5F2222";

    /// <summary>A message as the gateway writes it for a signature that does not match; it must end in no log.</summary>
    private const string Message =
        "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256 7b109d72]";

    [Theory]
    [InlineData("application/json", """{"RequestId":"1CBAFFAB-5F****"}""")]
    [InlineData("application/json", """{"requestId":"1CBAFFAB-5F****","code":null}""")]
    [InlineData("application/json", """{"RequestId":"1CBAFFAB-5F****","requestId":"R-2"}""")]
    [InlineData("text/xml-patch", """{"RequestId":"1CBAFFAB-5F****"}""")]
    [InlineData(null, """{"More":[{"Code":"x"}],"RequestId":"1CBAFFAB-5F****"}""")]
    [InlineData("text/xml", "<SendVerifyCodeResponse><RequestId>1CBAFFAB-5F****</RequestId></SendVerifyCodeResponse>")]
    public void A_request_id_with_200_is_accepted(string? mediaType, string body)
    {
        Assert.Equal(new EcdOutcome.Accepted("1CBAFFAB-5F****"), Parse(200, mediaType, body));
        Assert.All([100, 201, 202, 204, 302, 304, 400, 403, 503], status =>
            Assert.IsType<EcdOutcome.Unknown>(Parse(status, mediaType, body)));
    }

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
            Assert.Equal(new EcdOutcome.Rejected(new EcdError(code, status, RequestId)), outcome);
            Assert.Equal(kind, ((EcdOutcome.Rejected)outcome).Error.Kind);
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
            new EcdOutcome.Unknown($"Alibaba answered {status} {code}", new EcdError(code, status, RequestId)), outcome)));

    /// <summary>Bodies that say nothing that can be relied on.</summary>
    [Theory]
    [InlineData("application/json", "", "garbage", "null", "\"1CBAFFAB\"", "{}", "[{\"RequestId\":\"1CBAFFAB\"}]")]
    [InlineData("application/json", "{\"RequestId\":\"1CBAFFAB", "{\"RequestId\":\"1CBAFFAB\"} and more")]
    [InlineData("application/json", "{\"RequestId\":null}", "{\"RequestId\":\"\"}", "{\"RequestId\":{}}")]
    [InlineData("application/json", "{\"RequestId\":\"two words\"}", "{\"RequestId\":\"1CBAFFAB\\n\"}")]
    [InlineData("application/json", "{\"RequestId\":\"<b>1CBAFFAB</b>\"}", "{\"RequestId\":\"\\ud800\"}")]
    [InlineData("application/json", "{\"Result\":{\"RequestId\":\"1CBAFFAB\"}}")]
    [InlineData("application/json", "<Response><RequestId>1CBAFFAB</RequestId></Response>")]
    [InlineData("text/xml", "", "<Response>", "{\"RequestId\":\"1CBAFFAB\"}", "<Response><RequestId>1CBAFFAB</Response>")]
    [InlineData("text/xml", "<Response><RequestId/></Response>", "<Response><RequestId>two words</RequestId></Response>")]
    [InlineData("text/xml", "<Response><RequestId><!--1CBAFFAB--></RequestId></Response>")]
    [InlineData("text/html", "<!DOCTYPE html><html><head><title>Sign in to the network</title></head></html>")]
    [InlineData(null, "upstream connect error")]
    public void An_unreadable_body_is_unknown_and_not_repeated(string? mediaType, params string[] bodies) =>
        Assert.All(bodies, body => Assert.All([200, 400, 403, 404, 429, 500, 503], status =>
        {
            var unknown = Assert.IsType<EcdOutcome.Unknown>(Parse(status, mediaType, body));
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
    public void An_unknown_outcome_says_what_was_wrong_with_the_response(int status, string body, string reason) =>
        Assert.Equal(new EcdOutcome.Unknown(reason), Json(status, body));

    [Theory]
    [InlineData("\"has space\"")]
    [InlineData("\"\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"<script>\"")]
    [InlineData("\"Throttling\\u0000\"")]
    [InlineData("{\"Code\":\"Throttling\"}")]
    [InlineData("[\"Throttling\"]")]
    public void A_code_that_no_gateway_writes_decides_nothing(string code) =>
        Assert.IsType<EcdOutcome.Unknown>(Json(400, $$"""{"Code":{{code}},"RequestId":"{{RequestId}}"}"""));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_name_has_128_characters_at_most(int length, bool readable)
    {
        var name = new string('x', length);

        Assert.Equal(readable, Json(200, $$"""{"RequestId":"{{name}}"}""") is EcdOutcome.Accepted);
        Assert.Equal(readable, Json(400, $$"""{"Code":"Invalid{{name[7..]}}"}""") is EcdOutcome.Rejected);
        Assert.Equal(readable, Json(403, $$$"""{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":"{{{name}}}"}}""") is EcdOutcome.Rejected);
    }

    [Theory]
    [InlineData("application/json", """
        {"Code":"NoPermission","Message":"You are not authorized to do this action.","RequestId":"1CBAFFAB",
         "AccessDeniedDetail":{"PolicyType":"AccountLevelIdentityBasedPolicy","AuthAction":"ecd:SendVerifyCode",
         "AuthPrincipalOwnerId":"1234567890123456","NoPermissionType":"ImplicitDeny"}}
        """)]
    [InlineData("text/xml", """
        <Error><Code>NoPermission</Code><AccessDeniedDetail><AuthPrincipalOwnerId>1234567890123456</AuthPrincipalOwnerId>
        <AuthAction>ecd:SendVerifyCode</AuthAction></AccessDeniedDetail><RequestId>1CBAFFAB</RequestId></Error>
        """)]
    public void A_denial_names_the_action_that_is_missing(string mediaType, string body) => Assert.Equal(
        new EcdOutcome.Rejected(new EcdError("NoPermission", 403, "1CBAFFAB", "ecd:SendVerifyCode")),
        Parse(403, mediaType, body));

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("{\"AuthAction\":null}")]
    public void A_denial_without_detail_is_a_denial(string detail) => Assert.Equal(
        new EcdOutcome.Rejected(new EcdError("Forbidden.RAM", 403)),
        Json(403, $$"""{"Code":"Forbidden.RAM","AccessDeniedDetail":{{detail}}}"""));

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
        var rejected = Assert.IsType<EcdOutcome.Rejected>(Parse(400, "application/json", """{"Code":"Throttling"}""", header));

        Assert.Equal(milliseconds, rejected.Error.RetryAfter?.TotalMilliseconds);
    }

    [Theory]
    [InlineData("<!DOCTYPE Error><Error><Code>Throttling</Code></Error>")]
    [InlineData("<!DOCTYPE Error [<!ENTITY c \"Throttling\">]><Error><Code>&c;</Code></Error>")]
    [InlineData("<!DOCTYPE Error [<!ENTITY c SYSTEM \"file:///etc/hostname\">]><Error><Code>Throttling</Code><X>&c;</X></Error>")]
    [InlineData("<!DOCTYPE Error SYSTEM \"http://127.0.0.1:9/x.dtd\"><Error><Code>Throttling</Code></Error>")]
    public void XML_with_a_document_type_is_not_read(string body) => Assert.IsType<EcdOutcome.Unknown>(Xml(400, body));

    [Theory]
    [InlineData("text/xml", "<Error><Code>Throttling</Code></Error>")]
    [InlineData("TEXT/XML", "<Error><Code>Throttling</Code></Error>")]
    [InlineData("application/xml", "<Error><Code>Throttling</Code></Error>")]
    [InlineData("text/xml", "<Error><Code> Throttling\n</Code><Code>Forbidden</Code></Error>")]
    [InlineData("text/xml", "<Error><Code/><Code>Throttling</Code></Error>")]
    [InlineData("text/xml", "<Error><RequestId><!--R-1--></RequestId><code>Throttling</code></Error>")]
    public void The_first_text_of_an_element_counts(string mediaType, string body) =>
        Assert.Equal(new EcdOutcome.Rejected(new EcdError("Throttling", 400)), Parse(400, mediaType, body));

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(5_000, false)]
    public void XML_is_read_sixteen_deep(int depth, bool readable)
    {
        var (start, end) = (string.Concat(Enumerable.Repeat("<a>", depth)), string.Concat(Enumerable.Repeat("</a>", depth)));

        Assert.Equal(readable, Xml(400, $"{start}<Code>Throttling</Code>{end}") is EcdOutcome.Rejected);
        Assert.IsType<EcdOutcome.Unknown>(Xml(400, start));
    }

    [Fact]
    public void Nested_JSON_and_noise_are_unknown_and_not_a_crash()
    {
        var (open, close) = (new string('[', 30_000), new string(']', 30_000));
        var noise = new byte[4_096];
        new Random(42).NextBytes(noise);

        Assert.IsType<EcdOutcome.Unknown>(Json(400, $$"""{"a":{{open}}{{close}},"Code":"Throttling"}"""));
        Assert.IsType<EcdOutcome.Unknown>(EcdResponseParser.Parse(200, "application/json", null, noise));
        Assert.IsType<EcdOutcome.Unknown>(EcdResponseParser.Parse(400, "text/xml", null, noise));
    }

    /// <summary>Accepted, but the result is missing or malformed.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("""
        , "Status":"\ud800"
        """)]
    public void A_response_without_the_result_of_its_operation_is_unknown(string status)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"RequestId":"{{RequestId}}"{{status}}}""");

        Assert.Equal(
            new EcdOutcome.Unknown("Alibaba's answer is not one to VerifyCen"),
            EcdResponseParser.Parse(200, "application/json", null, body, EcdOperation.VerifyCen));
    }

    /// <summary>A response that is cut off is never taken for a whole one with another meaning.</summary>
    [Theory]
    [InlineData(200, "application/json", """{"RequestId":"1CBAFFAB"}""")]
    [InlineData(403, "application/json", """{"Code":"Forbidden.RAM","RequestId":"1CBAFFAB"}""")]
    [InlineData(403, "text/xml", "<Error><Code>Forbidden.RAM</Code><RequestId>1CBAFFAB</RequestId></Error>")]
    public void No_beginning_of_a_response_is_taken_for_the_whole(int status, string mediaType, string body) => Assert.All(
        Enumerable.Range(0, body.Length),
        end => Assert.IsType<EcdOutcome.Unknown>(Parse(status, mediaType, body[..end])));

    /// <summary>Dashboards and alerts count by these names.</summary>
    [Fact]
    public void Each_outcome_keeps_its_name_in_logs_and_metrics() => Assert.Equal(
        ["accepted", "rejected", "not-sent", "unknown"],
        new EcdOutcome[]
        {
            new EcdOutcome.Accepted("R-1"), new EcdOutcome.Rejected(new EcdError("Throttling", 400)), new EcdOutcome.NotSent("x"),
            new EcdOutcome.Unknown("x"),
        }.Select(outcome => outcome.Name()));

    private static EcdOutcome[] InEveryForm(string code, int status)
    {
        EcdOutcome[] outcomes =
        [
            Json(status, $$"""{"Code":"{{code}}","Message":"{{Message}}","RequestId":"{{RequestId}}","Recommend":"https://x"}"""),
            Json(status, $$"""{"code":"{{code}}","message":"{{Message}}","requestId":"{{RequestId}}","hostId":"ecd"}"""),
            Json(status, $$"""{"requestid":"{{RequestId}}","CODE":"{{code}}"}"""),
            Xml(status, $"<Error><RequestId>{RequestId}</RequestId><Code>{code}</Code><Message>{Message}</Message></Error>"),
            Xml(status, $"""
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

    private static EcdOutcome Json(int status, string body) => Parse(status, "application/json", body);

    private static EcdOutcome Xml(int status, string body) => Parse(status, "text/xml", body);

    private static EcdOutcome Parse(int status, string? mediaType, string body, string? retryAfter = null) =>
        EcdResponseParser.Parse(status, mediaType, retryAfter, Encoding.UTF8.GetBytes(body));
}
