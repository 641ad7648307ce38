namespace EdsFunctions.Tests.Hostile;

/// <summary>What looks odd and is right all the same: it is accepted, and Alibaba gets what was meant.</summary>
public sealed class LegalInputTests : IAsyncLifetime
{
    private const string Cen = "cen-3weq30r6t0s7t4abcd";
    private const long Owner = 1234567890123456;
    private const string Short = """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""";

    private const string Usual = "Host: localhost\r\nContent-Type: application/json";

    private EdsApp app = null!;

    public async ValueTask InitializeAsync() => app = await EdsApp.StartAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    public static TheoryData<string> Bodies =>
    [
        Short,
        "\r\n\t {\n\"regionId\" :\t\"cn-hangzhou\"\r,\n \"cenId\": \"cen-3weq30r6t0s7t4abcd\" , "
            + "\"cenOwnerId\"\n:\n1234567890123456\r\n} \n",
        """{"\u0072\u0065gionId":"\u0063n-hangzhou","cen\u0049d":"cen\u002d3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""",
        """{"REGIONID":"cn-hangzhou","CENID":"cen-3weq30r6t0s7t4abcd","CENOWNERID":1234567890123456}""",
        """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":"1234567890123456"}""",
        """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":"\u0031234567890123456"}""",
        """
        {
          "cenOwnerId": 1234567890123456, "note": null, "requestedBy": null, "extraInfo": null, "verifyCodeAction": null,
          "cenId": "cen-3weq30r6t0s7t4abcd", "regionId": "cn-hangzhou"
        }
        """,
        Short[..^1] + ",\"note\":\"\\ud83d\\ude00 \\u676d\\u5dde \\/ \\\"'<>&\"}",
        Short[..^1] + ",\"extraInfo\":{\"cenId\":\"cen-3weq30r6t0s7t4abcd\",\"cenOwnerId\":\"1234567890123456\"}}",
        """{"RegionId":"cn-hangzhou","ExtraInfo":{"CENID":"cen-3weq30r6t0s7t4abcd","cenownerid":1234567890123456} }""",
        OwnForm("{\\\"cenOwnerId\\\":1234567890123456,\\\"cenId\\\":\\\"cen-3weq30r6t0s7t4abcd\\\"}"),
        OwnForm(" { \\\"cenOwnerId\\\" : \\\"1234567890123456\\\" , \\\"cenI\\\\u0064\\\" : \\\"cen-3weq30r6t0s7t4abcd\\\" } "),
        OwnForm("{\\r\\n\\t\\\"cenOwnerId\\\": 1234567890123456,\\n\\t\\\"cenId\\\": \\\"cen-3weq30r6t0s7t4abcd\\\"\\n}"),
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_says_it_in_another_way(string body)
    {
        (await app.Api.PostAsync("verifications", body)).ShouldBe(201);

        AlibabaGotWhatWasMeant();
    }

    /// <summary>Request lines and headers, without the length, and how the body is cut; 0 is not at all.</summary>
    public static TheoryData<string, string, int> Messages => new()
    {
        { "/api/verifications HTTP/1.1", "Host: localhost\r\ncontent-TYPE: Application/JSON", 0 },
        { "/api/verifications HTTP/1.1", "Host: localhost\r\nContent-Type:application/json;charset=UTF-8", 0 },
        { "/api/verifications HTTP/1.1", "Host: localhost\r\nContent-Type: application/json; charset=\"utf-8\"", 0 },
        { "/api/verifications HTTP/1.1", "Host: localhost\r\nContent-Type: application/json ; x=\"a;b\"; charset=utf-8", 0 },
        { "/api/verifications HTTP/1.1", "Host: localhost\r\nContent-Type: \t application/vnd.contoso+json \t", 0 },
        { "/api/verifications HTTP/1.1", $"{Usual}", 1 },
        { "/api/verifications HTTP/1.1", $"{Usual}", 7 },
        { "/api/verifications HTTP/1.1", $"{Usual}\r\nExpect: 100-continue", 0 },
        { "/api/verifications HTTP/1.1", $"{Usual}\r\nIdempotency-Key:  \t!\"#$%&'()*+,-./:;<=>?@[]^_`|~ ", 0 },
        { "/api/verifications HTTP/1.1", "hOST:localhost\r\nContent-Type: application/json\r\nX-Empty:", 0 },
        { "http://localhost/api/verifications HTTP/1.1", Usual, 0 },
        { "/api/%76erifications HTTP/1.1", Usual, 0 },
        { "/x/../api/./verifications HTTP/1.1", Usual, 0 },
        { "/API/Verifications/ HTTP/1.1", Usual, 0 },
        { "/api/verifications?code=a&x=y HTTP/1.1", Usual, 0 },
        { "/api/verifications HTTP/1.0", "Content-Type: application/json", 0 },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_message_that_is_framed_in_another_way(string line, string headers, int chunk)
    {
        var framed = chunk == 0
            ? $"Content-Length: {Short.Length}\r\n\r\n{Short}"
            : $"Transfer-Encoding: chunked\r\n\r\n{Chunks(chunk)}";
        using var connection = new HostileConnection(new IPEndPoint(IPAddress.Loopback, app.Api.BaseUrl.Port));

        var answers = await connection.AskAsync(
            new HostileRequest(
                "legal", Encoding.Latin1.GetBytes($"POST {line}\r\n{headers}\r\n{framed}"), HostileRequest.By.Either),
            TestContext.Current.CancellationToken);

        Assert.Equal(201, Assert.Single(answers).Status);
        AlibabaGotWhatWasMeant();
    }

    /// <param name="extraInfo">JSON text, in the spelling of a JSON text.</param>
    private static string OwnForm(string extraInfo) =>
        $$"""{"RegionId":"cn-hangzhou","VerifyCodeAction":"eds_cenID_securityverification","ExtraInfo":"{{extraInfo}}"}""";

    /// <summary>Chunks with extensions, lengths in any spelling, and a trailer.</summary>
    private static string Chunks(int length)
    {
        var text = new StringBuilder();
        foreach (var chunk in Short.Chunk(length))
        {
            text.Append(CultureInfo.InvariantCulture, $"00{chunk.Length:X};name=\"value\"\r\n").Append(chunk).Append("\r\n");
        }

        return text.Append("0\r\nX-Trailer: 1\r\n\r\n").ToString();
    }

    private void AlibabaGotWhatWasMeant()
    {
        var mail = Assert.Single(app.Alibaba.Outbox.Messages);
        Assert.Equal(("cn-hangzhou", Cen, Owner), (mail.RegionId, mail.CenId, mail.CenOwnerId));
    }
}
