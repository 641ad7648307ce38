using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>Alibaba's gateway without a network: what the simulator does, at the place where the HTTP client hands a request over.</summary>
internal sealed class StagedAlibaba(Stage stage) : HttpMessageHandler
{
    private const string RequestId = "29379236-1C52-404A-88DE-B554F818FA8E";
    private const string Accepted = $$"""{"RequestId":"{{RequestId}}"}""";
    private const string Fine = $$"""{"RequestId":"{{RequestId}}","Status":"Access"}""";
    private const string OfficePrefix = "cn-hangzhou+dir-";

    private readonly HashSet<string> nonces = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = stage.Current;
        await operation.PassAsync(PointKind.BeforeAlibaba);
        var action = request.Headers.GetValues("x-acs-action").Single();
        if (action == "DescribeOfficeSites")
        {
            var list = operation.IsListDenied ? Error(HttpStatusCode.Forbidden, "Forbidden.RAM") : Answer(HttpStatusCode.OK, Offices());
            await operation.PassAsync(PointKind.AfterAlibaba);
            return list;
        }

        var reply = operation.NextReply();
        if (reply == AlibabaReply.RefuseConnection)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "There is no connection.");
        }

        await request.Content!.CopyToAsync(Stream.Null, CancellationToken.None);
        if (!nonces.Add(request.Headers.GetValues("x-acs-signature-nonce").Single()))
        {
            throw new InvalidOperationException("A request was sent twice with one nonce.");
        }

        if (reply is AlibabaReply.Accept or AlibabaReply.CloseAfterWork or AlibabaReply.Malformed)
        {
            Do(operation, action, QueryHelpers.ParseQuery(request.RequestUri!.Query));
        }

        if (reply == AlibabaReply.Hang)
        {
            var silence = new TaskCompletionSource<HttpResponseMessage>();
            await using var end = cancellationToken.Register(() => silence.TrySetCanceled(cancellationToken));
            return await silence.Task;
        }

        await operation.PassAsync(PointKind.AfterAlibaba);
        return reply switch
        {
            AlibabaReply.Throttle => Error(HttpStatusCode.BadRequest, "Throttling.User"),
            AlibabaReply.ThrottleLong => Error(HttpStatusCode.BadRequest, "Throttling.User", retryAfterMs: "60000"),
            AlibabaReply.Unavailable => Error(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable"),
            AlibabaReply.Deny => Error(HttpStatusCode.Forbidden, "Forbidden.RAM"),
            AlibabaReply.Malformed => Answer(HttpStatusCode.OK, Accepted[..(Accepted.Length / 2)]),
            AlibabaReply.Accept => Answer(HttpStatusCode.OK, action == "VerifyCen" ? Fine : Accepted),
            _ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection ended."),
        };
    }

    private static HttpResponseMessage Error(HttpStatusCode status, string code, string? retryAfterMs = null)
    {
        var response = Answer(status, $$"""{"Code":"{{code}}","RequestId":"R-1"}""");
        if (retryAfterMs is not null)
        {
            response.Headers.Add("x-acs-retry-after", retryAfterMs);
        }

        return response;
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string json) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private void Do(Operation operation, string action, Dictionary<string, StringValues> query)
    {
        switch (action)
        {
            case "SendVerifyCode":
                stage.Promises.Mailed(operation);
                break;
            case "AttachCen":
                stage.Offices[NumberOf(query["OfficeSiteId"].ToString())] = query["CenId"].ToString();
                stage.Promises.Attached(operation);
                break;
        }
    }

    private string Offices() => JsonSerializer.Serialize(new
    {
        RequestId,
        OfficeSites = stage.Offices.Select((cen, site) => new
        {
            OfficeSiteId = OfficeOf(site),
            CenId = cen ?? "",
            CenAttachStatus = cen is null ? "" : "attached",
        }),
    });

    /// <summary>The id of an office network.</summary>
    public static string OfficeOf(int site) => string.Create(CultureInfo.InvariantCulture, $"{OfficePrefix}{site}");

    /// <summary>The number of an office network.</summary>
    public static int NumberOf(string officeSiteId) => int.Parse(officeSiteId[OfficePrefix.Length..], CultureInfo.InvariantCulture);
}
