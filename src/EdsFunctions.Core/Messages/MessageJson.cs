using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace EdsFunctions.Core.Messages;

/// <summary>Writes the payloads of platforms.</summary>
internal static class MessageJson
{
    /// <summary>
    /// Chinese characters are not escaped. Platforms limit the bytes of a message, and an escape has twice as many
    /// bytes as the character.
    /// </summary>
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public static string Write(JsonNode payload) => payload.ToJsonString(Options);

    public static byte[] WriteBytes(JsonNode payload) => JsonSerializer.SerializeToUtf8Bytes(payload, Options);

    public static HttpRequestMessage Post(Uri url, byte[] json) => new(HttpMethod.Post, url)
    {
        Content = new ByteArrayContent(json)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        },
    };
}
