using System.Net.Http.Headers;

namespace EdsFunctions.Core.Messages;

/// <summary>JSON to be posted.</summary>
internal static class JsonRequest
{
    public static HttpRequestMessage Post(Uri url, byte[] json) => new(HttpMethod.Post, url)
    {
        Content = new ByteArrayContent(json)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        },
    };
}
