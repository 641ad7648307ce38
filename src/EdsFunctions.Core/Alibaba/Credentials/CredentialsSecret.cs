namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Parses the secret in Key Vault with the Alibaba access key: a JSON object with <c>accessKeyId</c>,
/// <c>accessKeySecret</c> and, for a temporary key, <c>securityToken</c>. One secret has all parts, so that a rotation
/// changes them together.
/// </summary>
internal static class CredentialsSecret
{
    /// <exception cref="CredentialsUnavailableException">
    /// The value of the secret is malformed. The message names the field, and contains no part of the value.
    /// </exception>
    public static AlibabaCredentials Parse(string secretName, string value)
    {
        try
        {
            // Remove a byte order mark: PowerShell writes it to files, and az stores the content of a file unchanged.
            using var document = JsonDocument.Parse(value.TrimStart('\uFEFF'));
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                return new AlibabaCredentials(
                    Text(secretName, root, "accessKeyId") ?? throw Lacks(secretName, "accessKeyId"),
                    Text(secretName, root, "accessKeySecret") ?? throw Lacks(secretName, "accessKeySecret"),
                    Text(secretName, root, "securityToken"));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The secret is not JSON, or has a lone surrogate. The exception is dropped, because its message quotes the
            // secret.
        }
        catch (ArgumentException e)
        {
            throw new CredentialsUnavailableException($"The secret {secretName} in the vault is invalid: {e.Message}");
        }

        throw new CredentialsUnavailableException(
            $"The secret {secretName} in the vault is not a JSON object with accessKeyId and accessKeySecret.");
    }

    /// <exception cref="CredentialsUnavailableException">The secret has the field in another spelling.</exception>
    private static string? Text(string secretName, JsonElement root, string name)
    {
        if (root.TryGetProperty(name, out var value))
        {
            return value.ValueKind == JsonValueKind.String && value.GetString()?.Trim() is { Length: > 0 } text
                ? text
                : null;
        }

        var misspelled = root.EnumerateObject()
            .Select(field => field.Name)
            .FirstOrDefault(field => IsSpelling(field, name));
        return misspelled is null
            ? null
            : throw new CredentialsUnavailableException(
                $"The secret {secretName} in the vault has the field {misspelled}: rename it to {name}.");
    }

    /// <summary>
    /// Whether the name of a field is another spelling of an expected name, such as <c>access_key_id</c> for
    /// <c>accessKeyId</c>.
    /// </summary>
    private static bool IsSpelling(string field, string name) =>
        string.Equals(
            field.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal),
            name,
            StringComparison.OrdinalIgnoreCase);

    private static CredentialsUnavailableException Lacks(string secretName, string field) =>
        new($"The secret {secretName} in the vault lacks the field {field}, which must be a non-empty string.");
}
