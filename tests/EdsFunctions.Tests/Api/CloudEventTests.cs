using System.Net.Http.Headers;

namespace EdsFunctions.Tests.Api;

/// <summary>
/// A CloudEvent requests a code: delivered as a signed webhook, or sent by a caller with a function key.
/// </summary>
public sealed class CloudEventTests
{
    private const string Event = "application/cloudevents+json";
    private const string Envelope = """
        "specversion":"1.0","id":"1","source":"/cmdb","type":"eds.requested"
        """;

    /// <summary>
    /// Some senders encode JSON in base64, whatever type they declare: dapr/go-sdk#201, cloudevents/sdk-rust#160.
    /// </summary>
    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(false, "\"datacontenttype\":\"application/json\",")]
    [InlineData(false, "\"datacontenttype\":\"application/octet-stream\",")]
    [InlineData(false, "\"data\":null,")]
    public async Task Send_JsonInDataBase64_IsDecoded(bool byWebhook, string attribute)
    {
        await using var app = await EdsApp.StartAsync(WebhookTests.Settings);
        var verification = A.Verification;
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes(verification.Json()));

        var sent = await SendAsync(app, byWebhook, $$"""{{{Envelope}},{{attribute}}"data_base64":"{{data}}"}""");

        Assert.Equal(verification.CenId, sent.ShouldBe(201)["cenId"]);
    }

    /// <summary>
    /// Event Grid adds extension attributes of every type. An attribute that is null counts as left out.
    /// </summary>
    [Theory]
    [InlineData("\"traceparent\":\"00-4bf92f\",\"sequence\":5,\"internal\":true,\"subject\":null")]
    [InlineData("\"time\":\"2026-11-24T12:00:00.5+08:00\",\"dataschema\":\"urn:cmdb:1\",\"comexampleextension1\":\"\"")]
    public async Task Send_EventWithOptionalAttributes_SendsACode(string attributes)
    {
        await using var app = await EdsApp.StartAsync();

        var body = $$"""{{{Envelope}},{{attributes}},"data":{{A.Verification.Json()}}}""";

        (await SendAsync(app, byWebhook: false, body, $"{Event}; charset=utf-8")).ShouldBe(201);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_EventInHeaders_SendsACode(bool byWebhook)
    {
        await using var app = await EdsApp.StartAsync(WebhookTests.Settings);

        var sent = await SendAsync(
            app, byWebhook, A.Verification.Json(), "application/json",
            ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/cmdb"), ("ce-type", "eds.requested"),
            ("ce-time", "2026-11-24T12:00:00Z"), ("ce-extra", "caf%C3%A9"));

        sent.ShouldBe(201);
    }

    /// <summary>
    /// The error for a malformed event names what is wrong, which users of the SDKs missed: cloudevents/sdk-python#300,
    /// cloudevents/sdk-csharp#302, cloudevents/spec#381.
    /// </summary>
    [Theory]
    [InlineData("\"my-extension\":\"x\",\"data\":{}", "my-extension")]
    [InlineData("\"myExtension\":\"x\",\"data\":{}", "myExtension")]
    [InlineData("\"data_base_64\":\"x\",\"data\":{}", "data_base_64")]
    [InlineData("\"extension\":{\"a\":1},\"data\":{}", "extension")]
    [InlineData("\"extension\":[1],\"data\":{}", "extension")]
    [InlineData("\"extension\":1.5,\"data\":{}", "extension")]
    [InlineData("\"extension\":3000000000,\"data\":{}", "extension")]
    [InlineData("\"extension\":\"a\",\"extension\":\"b\",\"data\":{}", "extension occurs more than once")]
    [InlineData("\"time\":\"yesterday\",\"data\":{}", "time")]
    [InlineData("\"subject\":7,\"data\":{}", "subject")]
    [InlineData("\"dataschema\":\"\",\"data\":{}", "dataschema")]
    [InlineData("\"data\":{},\"data_base64\":\"e30=\"", "data_base64")]
    [InlineData("\"data\":{},\"data\":{}", "data occurs more than once")]
    [InlineData("\"data_base64\":\"{}\"", "data_base64")]
    [InlineData("\"data_base64\":{}", "data_base64")]
    [InlineData("\"data_base64\":\"\\ud800\"", "data_base64")]
    [InlineData("\"data\":\"{}\"", "data must be a JSON object")]
    [InlineData("\"data\":[]", "data must be a JSON object")]
    [InlineData("\"data\":null", "data is missing")]
    [InlineData("\"datacontenttype\":\"application/json\"", "data is missing")]
    public async Task Send_InvalidEvent_NamesTheCause(string attributes, string cause)
    {
        await using var app = await EdsApp.StartAsync(WebhookTests.Settings);

        foreach (var byWebhook in new[] { true, false })
        {
            ShouldName(cause, await SendAsync(app, byWebhook, $$"""{{{Envelope}},{{attributes}}}"""));
        }

        Assert.Empty(await app.RecordsAsync());
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","source":"/cmdb","type":"a","data":{}}""", "id is missing")]
    [InlineData("""{"specversion":"1.0","id":"","source":"/cmdb","type":"a","data":{}}""", "id must")]
    [InlineData("""{"specversion":"1.0","id":"1","source":null,"type":"a","data":{}}""", "source is missing")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/cmdb","type":"a","data":{}}""", "specversion must be 1.0")]
    [InlineData("""{"specversion":1.0,"id":"1","source":"/cmdb","type":"a","data":{}}""", "specversion must be")]
    [InlineData("""{"id":"1","source":"/cmdb","type":"a","data":{}}""", "specversion is missing")]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "JSON object")]
    public async Task Send_EventWithoutARequiredAttribute_NamesIt(string body, string cause)
    {
        await using var app = await EdsApp.StartAsync();

        ShouldName(cause, await SendAsync(app, byWebhook: false, body));
    }

    [Theory]
    [InlineData("ce-id", "", "ce-id")]
    [InlineData("ce-time", "yesterday", "ce-time")]
    [InlineData("ce-my_extension", "x", "ce-my_extension")]
    [InlineData("ce-specversion", "0.3", "ce-specversion must be 1.0")]
    public async Task Send_InvalidEventInHeaders_NamesTheHeader(string header, string value, string cause)
    {
        await using var app = await EdsApp.StartAsync();
        var headers = new Dictionary<string, string>
        {
            ["ce-specversion"] = "1.0",
            ["ce-id"] = "1",
            ["ce-source"] = "/cmdb",
            ["ce-type"] = "a",
            [header] = value,
        };

        ShouldName(cause, await SendAsync(
            app, byWebhook: false, A.Verification.Json(), "application/json",
            [.. headers.Select(each => (each.Key, each.Value))]));
        ShouldName("ce-id is missing", await SendAsync(
            app, byWebhook: false, A.Verification.Json(), "application/json",
            ("ce-specversion", "1.0"), ("ce-source", "/cmdb"), ("ce-type", "a")));
        Assert.Empty(await app.RecordsAsync());
    }

    /// <summary>The media type decides whether a body is the envelope of an event: cloudevents/sdk-python#63.</summary>
    [Theory]
    [InlineData("application/json", Event)]
    [InlineData("application/json; charset=utf-8", Event)]
    [InlineData("application/cloudevents-batch+json", "batch")]
    public async Task Send_EnvelopeOfAnotherMediaType_NamesTheRightOne(string type, string cause)
    {
        await using var app = await EdsApp.StartAsync(WebhookTests.Settings);
        var body = $$"""{{{Envelope}},"data":{{A.Verification.Json()}}}""";

        foreach (var byWebhook in new[] { true, false })
        {
            ShouldName(cause, await SendAsync(app, byWebhook, type.Contains("batch") ? $"[{body}]" : body, type));
        }

        Assert.Empty(await app.RecordsAsync());
    }

    /// <summary>The caller chooses the name of an attribute, so the error must not repeat it.</summary>
    [Fact]
    public async Task Send_InvalidNameOfAnAttribute_IsNotRepeated()
    {
        await using var app = await EdsApp.StartAsync();

        var rejected = await SendAsync(
            app, byWebhook: false, $$"""{{{Envelope}},"A8231764509128345":"x","data":{} }""");

        ShouldName("attribute", rejected);
        Assert.DoesNotContain("8231764509128345", rejected.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_InvalidDataOfAnEvent_NamesItsField()
    {
        await using var app = await EdsApp.StartAsync();

        (await SendAsync(app, byWebhook: false, $$"""{{{Envelope}},"data":{"regionId":"cn-hangzhou"} }"""))
            .ShouldBeProblem(400, "invalid-request", "cenId");
        (await SendAsync(app, byWebhook: false, $$"""{{{Envelope}},"data_base64":"/w=="}"""))
            .ShouldBeProblem(400, "invalid-request", "body");
    }

    private static void ShouldName(string cause, ApiResponse response)
    {
        response.ShouldBeProblem(400, "invalid-request", "body");
        Assert.Contains(cause, response["errors.body.0"], StringComparison.Ordinal);
    }

    private static async Task<ApiResponse> SendAsync(
        EdsApp app, bool byWebhook, string body, string type = Event, params (string Name, string Value)[] headers)
    {
        if (byWebhook)
        {
            return await WebhookTests.DeliverAsync(app, WebhookTests.Standard(app, body, type: type).With(headers));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Api.BaseUrl, "/api/verifications"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await app.Api.SendAsync(request);
    }
}
