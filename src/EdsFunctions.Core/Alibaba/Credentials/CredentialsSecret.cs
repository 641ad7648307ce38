namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// The value of the secret in the vault: a JSON object with <c>accessKeyId</c>, <c>accessKeySecret</c> and, for a temporary key,
/// <c>securityToken</c>. One secret, so that the parts change together.
/// </summary>
internal static class CredentialsSecret
{
    /// <exception cref="CredentialsUnavailableException">The value is not that; the message names the part and repeats nothing.</exception>
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
            // Not JSON, or half a character in it. The text of the exception quotes the value.
        }
        catch (ArgumentException e)
        {
            throw new CredentialsUnavailableException($"The secret {secretName} in the vault cannot be used: {e.Message}");
        }

        throw new CredentialsUnavailableException(
            $"The secret {secretName} in the vault is not a JSON object with accessKeyId and accessKeySecret.");
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()?.Trim() is { Length: > 0 } text
            ? text
            : null;

    private static CredentialsUnavailableException Lacks(string secretName, string field) =>
        new($"The secret {secretName} in the vault lacks the field {field}, a text that is not empty.");
}
