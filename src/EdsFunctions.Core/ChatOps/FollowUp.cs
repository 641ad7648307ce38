using System.Net.Http.Headers;
using System.Text;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Says what came of a command that took longer than its reply could wait, if the process lives that long and the platform left a URL
/// for it. It is a courtesy: what counts is on record, and the reply has said how to ask for it.
/// </summary>
internal sealed class FollowUp(IHttpClientFactory http, TimeProvider time, ILogger<FollowUp> logger)
{
    /// <summary>The name of the HTTP client in the factory.</summary>
    public const string HttpClientName = "chat";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>A URL that leads elsewhere is not followed.</summary>
    public static HttpMessageHandler CreateHandler() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };

    /// <summary>Does not fail.</summary>
    public async Task SayAsync(Uri url, IChatPlatform platform, Message message, bool isPublic)
    {
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, time);
            using var client = http.CreateClient(HttpClientName);
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(MessageJson.Write(platform.Reply(message, isPublic))));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            using var response = await client.PostAsync(url, content, timeout.Token);
            response.EnsureSuccessStatusCode();
        }
        catch (Exception e)
        {
            // The URL is a secret of the platform's, and some exceptions quote it.
            logger.FollowUpFailed(platform.Name, e.GetType().Name);
        }
    }
}
