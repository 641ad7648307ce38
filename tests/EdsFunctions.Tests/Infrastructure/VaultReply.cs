using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>What the fake vault answers to a read that is allowed to be made.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, JSON.</param>
/// <param name="Headers">Headers beside the usual ones.</param>
/// <param name="Until">What the answer waits for; it comes at once without.</param>
internal sealed record VaultReply(
    int Status, string Body, IReadOnlyDictionary<string, string>? Headers = null, Task? Until = null)
{
    public static VaultReply NoSuchSecret { get; } = Error(404, "SecretNotFound");

    public static VaultReply Disabled { get; } = Error(403, "Forbidden", "SecretDisabled");

    public static VaultReply Forbidden { get; } = Error(403, "Forbidden", "ForbiddenByRbac");

    public static VaultReply Broken { get; } = Error(500, "InternalServerError");

    /// <summary>No answer, until the client goes away or the server stops.</summary>
    public static VaultReply Hangs { get; } = new(200, "", Until: new TaskCompletionSource().Task);

    /// <summary>The secret, with a value.</summary>
    public static VaultReply Secret(string value) => new(200, new JsonObject
    {
        ["value"] = value,
        ["id"] = "https://localhost/secrets/alibaba-credentials/4387e9f3d6e14c459867679a90fd0f79",
        ["attributes"] = new JsonObject { ["enabled"] = true, ["created"] = 1493938410, ["updated"] = 1493938410 },
    }.ToJsonString());

    /// <summary>The secret, with a key in it.</summary>
    public static VaultReply Key(string id, string secret, string? token = null) =>
        Secret(JsonSerializer.Serialize(new { accessKeyId = id, accessKeySecret = secret, securityToken = token }));

    /// <summary>An error, with a message that must be seen nowhere.</summary>
    public static VaultReply Error(
        int status, string code, string? inner = null, params (string Name, string Value)[] headers) => new(
        status,
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = code,
                ["message"] = "VAULT-MESSAGE",
                ["innererror"] = inner is null ? null : new JsonObject { ["code"] = inner },
            },
        }.ToJsonString(),
        headers.ToDictionary(header => header.Name, header => header.Value));

    public async Task<RawHttpReply> ToHttpAsync()
    {
        await (Until ?? Task.CompletedTask);
        return RawHttpReply.Answers(
            Status,
            "application/json; charset=utf-8",
            Body,
            [.. (Headers ?? new Dictionary<string, string>()).Select(header => (header.Key, header.Value))]);
    }
}
