using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdsFunctions.Tests.Platforms.DingTalk;
using EdsFunctions.Tests.Platforms.Feishu;
using EdsFunctions.Tests.Platforms.Slack;
using EdsFunctions.Tests.Platforms.Teams;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>
/// A fake of a chat platform that signs and delivers commands, made from the platform's documentation.
/// </summary>
/// <param name="Name">The name in the configuration and, in lower case, in the route.</param>
/// <param name="Secret">The secret with which the platform signs.</param>
/// <param name="OtherSecret">Another secret that the app accepts as a setting.</param>
/// <param name="MaxAge">How long a signature is valid; null if the signature has no time.</param>
internal abstract record FakeChatPlatform(string Name, string Secret, string OtherSecret, TimeSpan? MaxAge)
{
    public const string Alice = "U2CERLKJA";

    /// <summary>Every chat platform. Tests that run for all platforms use this list.</summary>
    public static IReadOnlyDictionary<string, FakeChatPlatform> All { get; } = new FakeChatPlatform[]
    {
        new FakeSlack(), new FakeTeams(), new FakeDingTalk(), new FakeFeishu(),
    }.ToDictionary(platform => platform.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>The platforms whose reply is in the HTTP response to the delivery.</summary>
    public static TheoryData<string> InlineNames =>
        [.. All.Values.Where(platform => platform.ReplyProperty is not null).Select(platform => platform.Name)];

    /// <summary>The settings with which the app accepts commands of the platform.</summary>
    public virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        [$"ChatOps:{Name}:Secrets:0"] = Secret,
        [$"ChatOps:{Name}:AllowedUsers:0"] = Alice,
    };

    /// <summary>A property that every reply has; null if the app sends replies by the platform's API.</summary>
    public abstract string? ReplyProperty { get; }

    /// <summary>Whether the signature of the platform covers the body.</summary>
    public virtual bool SignsBody => true;

    /// <summary>Bodies that are signed, but that the app must reject as malformed.</summary>
    public abstract IReadOnlyList<string> MalformedBodies { get; }

    public string Route => $"chatops/{Name.ToLowerInvariant()}";

    /// <summary>Converts a key to the form in which the secret is configured.</summary>
    public virtual string EncodeSecret(string key) => key;

    public ChatRequest Deliver(string text, string deliveryId, DateTimeOffset at, string user = Alice) =>
        Sign(Write(text, deliveryId, at, user), Secret, at);

    /// <summary>Signs a request that a test may have changed.</summary>
    public abstract ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at);

    protected abstract ChatRequest Write(string text, string deliveryId, DateTimeOffset at, string user);

    protected static ChatRequest Json(JsonObject body) =>
        new("application/json; charset=utf-8", Encoding.UTF8.GetBytes(body.ToJsonString()));

    protected static byte[] Hmac(byte[] key, string message) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(message));
}
