namespace EdsFunctions.Core.Webhooks;

/// <summary>Checks settings that hold secrets, and never says what they hold.</summary>
internal static class SecretSettings
{
    /// <param name="key">The configuration key of the list.</param>
    /// <param name="secrets">The list.</param>
    /// <param name="read">How the scheme reads it.</param>
    /// <param name="failures">Takes what is wrong.</param>
    public static void Check(
        string key, IList<string> secrets, Func<IEnumerable<string>, SigningKeys> read, List<string> failures)
    {
        for (var i = 0; i < secrets.Count; i++)
        {
            Check($"{key}:{i}", secrets[i], read, failures);
        }
    }

    /// <param name="key">The configuration key.</param>
    /// <param name="secret">Its value.</param>
    /// <param name="read">How the scheme reads it.</param>
    /// <param name="failures">Takes what is wrong.</param>
    public static void Check(string key, string secret, Func<IEnumerable<string>, SigningKeys> read, List<string> failures)
    {
        try
        {
            read([secret]);
        }
        catch (FormatException e)
        {
            failures.Add($"{key} {e.Message}.");
        }
    }
}
