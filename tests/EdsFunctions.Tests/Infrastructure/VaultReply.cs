using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Responses of the fake vault to a read.</summary>
internal static class VaultReply
{
    public static RawHttpReply NoSuchSecret { get; } = Error(404, "SecretNotFound");

    public static RawHttpReply Disabled { get; } = Error(403, "Forbidden", "SecretDisabled");

    public static RawHttpReply Forbidden { get; } = Error(403, "Forbidden", "ForbiddenByRbac");

    public static RawHttpReply Broken { get; } = Error(500, "InternalServerError");

    /// <summary>When every secret was created, in Unix seconds.</summary>
    public const long CreatedAt = 1493938410;

    /// <summary>The response with a secret.</summary>
    /// <param name="value">The value.</param>
    /// <param name="expiresAt">When the secret expires, in Unix seconds; null for never.</param>
    public static RawHttpReply Secret(string value, long? expiresAt = null) => Json(200, new JsonObject
    {
        ["value"] = value,
        ["id"] = "https://localhost/secrets/alibaba-credentials/4387e9f3d6e14c459867679a90fd0f79",
        ["attributes"] = new JsonObject
        {
            ["enabled"] = true,
            ["created"] = CreatedAt,
            ["updated"] = CreatedAt,
            ["exp"] = expiresAt,
        },
    });

    /// <summary>The response with a secret that contains an access key.</summary>
    public static RawHttpReply Key(string id, string secret, string? token = null) =>
        Secret(JsonSerializer.Serialize(new { accessKeyId = id, accessKeySecret = secret, securityToken = token }));

    /// <summary>An error response of the vault. The app must never show the message in it.</summary>
    public static RawHttpReply Error(
        int status, string code, string? inner = null, params (string Name, string Value)[] headers) => Json(
        status,
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = code,
                ["message"] = "VAULT-MESSAGE",
                ["innererror"] = inner is null ? null : new JsonObject { ["code"] = inner },
            },
        },
        headers);

    private static RawHttpReply Json(int status, JsonObject body, params (string Name, string Value)[] headers) =>
        RawHttpReply.Create(status, "application/json; charset=utf-8", body.ToJsonString(), headers);
}
