namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// The value of the secret in Key Vault: a JSON object with <c>accessKeyId</c>, <c>accessKeySecret</c> and, for a
/// temporary key, <c>securityToken</c>. It is one secret so that a rotation is atomic.
/// </summary>
internal static class CredentialsSecret
{
    /// <exception cref="CredentialsUnavailableException">
    /// The value is malformed; the message names the field and contains no part of the value.
    /// </exception>
    public static AlibabaCredentials Parse(string secretName, string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                return new AlibabaCredentials(
                    Text(root, "accessKeyId") ?? throw Lacks(secretName, "accessKeyId"),
                    Text(root, "accessKeySecret") ?? throw Lacks(secretName, "accessKeySecret"),
                    Text(root, "securityToken"));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or with a lone surrogate. The exception is dropped: its message quotes the value.
        }
        catch (ArgumentException e)
        {
            throw new CredentialsUnavailableException($"The secret {secretName} in the vault is invalid: {e.Message}");
        }

        throw new CredentialsUnavailableException(
            $"The secret {secretName} in the vault is not a JSON object with accessKeyId and accessKeySecret.");
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString()?.Trim() is { Length: > 0 } text
            ? text
            : null;

    private static CredentialsUnavailableException Lacks(string secretName, string field) =>
        new($"The secret {secretName} in the vault lacks the field {field}, which must be a non-empty string.");
}
