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
            // PowerShell writes files with a byte order mark, and az stores it in the secret.
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
            // The value is not JSON, or has a lone surrogate. The exception is dropped: its message quotes the value.
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
    /// Whether a field is another spelling of the name: in another case or with separators, such as
    /// <c>access_key_id</c>.
    /// </summary>
    private static bool IsSpelling(string field, string name) =>
        string.Equals(
            field.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal),
            name,
            StringComparison.OrdinalIgnoreCase);

    private static CredentialsUnavailableException Lacks(string secretName, string field) =>
        new($"The secret {secretName} in the vault lacks the field {field}, which must be a non-empty string.");
}
