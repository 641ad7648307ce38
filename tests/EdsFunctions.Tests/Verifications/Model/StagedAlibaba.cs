using System.Net;
using System.Text;
using System.Text.Json;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>Alibaba's gateway without a network: what the simulator does, at the place where the HTTP client hands a request over.</summary>
internal sealed class StagedAlibaba(Stage stage) : HttpMessageHandler
{
    private const string Accepted = """{"RequestId":"29379236-1C52-404A-88DE-B554F818FA8E"}""";

    private readonly HashSet<string> nonces = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = stage.Current;
        await operation.PassAsync(PointKind.BeforeCall);
        var weather = operation.NextWeather();
        if (weather == Weather.Refused)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Nobody listens.");
        }

        await request.Content!.CopyToAsync(Stream.Null, CancellationToken.None);
        if (!nonces.Add(request.Headers.GetValues("x-acs-signature-nonce").Single()))
        {
            throw new InvalidOperationException("A request was sent twice with one nonce.");
        }

        if (weather is Weather.Fair or Weather.CloseAfterWork or Weather.Malformed)
        {
            stage.Mailed(CenOf(request.RequestUri!));
        }

        if (weather == Weather.Hang)
        {
            var silence = new TaskCompletionSource<HttpResponseMessage>();
            await using var end = cancellationToken.Register(() => silence.TrySetCanceled(cancellationToken));
            return await silence.Task;
        }

        await operation.PassAsync(PointKind.AfterCall);
        return weather switch
        {
            Weather.Throttle => Error(HttpStatusCode.BadRequest, "Throttling.User"),
            Weather.ThrottleLong => Error(HttpStatusCode.BadRequest, "Throttling.User", retryAfterMs: "60000"),
            Weather.Unavailable => Error(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable"),
            Weather.Denied => Error(HttpStatusCode.Forbidden, "Forbidden.RAM"),
            Weather.Malformed => Answer(HttpStatusCode.OK, Accepted[..(Accepted.Length / 2)]),
            Weather.Fair => Answer(HttpStatusCode.OK, Accepted),
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

    private static string CenOf(Uri uri)
    {
        var extraInfo = uri.Query.TrimStart('?').Split('&').Single(part => part.StartsWith("ExtraInfo=", StringComparison.Ordinal));
        using var document = JsonDocument.Parse(Uri.UnescapeDataString(extraInfo["ExtraInfo=".Length..]));
        return document.RootElement.GetProperty("cenId").GetString()!;
    }
}
