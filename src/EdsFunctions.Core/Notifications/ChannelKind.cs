using EdsFunctions.Core.Common;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>
/// A kind of report channel, such as Slack. Formats the notices for this platform, and parses its responses.
/// </summary>
/// <param name="name">The name of the kind in the configuration and in metrics.</param>
internal abstract class ChannelKind(string name)
{
    public string Name => name;

    /// <summary>The maximum length of the body of a request, which the platform sets.</summary>
    public virtual int MaxBytes => int.MaxValue;

    /// <summary>Validates the secret of a channel. Unless a kind overrides this method, a secret is an error.</summary>
    /// <param name="key">The configuration key.</param>
    /// <param name="secret">The secret; null or empty if it is not set.</param>
    /// <returns>The validation errors, without the secret.</returns>
    public virtual IEnumerable<string> ValidateSecret(string key, string? secret) =>
        string.IsNullOrEmpty(secret) ? [] : [$"{key} must not be set: requests to {Name} are not signed."];

    /// <summary>Creates the request, signed if the kind supports signatures.</summary>
    /// <param name="channel">Validated options.</param>
    /// <param name="body">The body.</param>
    /// <param name="now">The current time, in UTC.</param>
    public virtual HttpRequestMessage CreateRequest(ReportChannelOptions channel, byte[] body, DateTimeOffset now) =>
        MessageJson.Post(new Uri(channel.Url!), body);

    /// <summary>
    /// Returns the reason why the platform rejected a notice, without text from the platform; null if the platform
    /// accepted the notice.
    /// </summary>
    /// <param name="body">The start of the platform's response, which has a successful HTTP status.</param>
    public virtual string? GetRejection(ReadOnlySpan<byte> body) => null;

    /// <summary>
    /// Returns why a platform rejected a notice; null if it accepted the notice. For platforms whose response has a
    /// code, in which 0 means success.
    /// </summary>
    /// <param name="body">The response, which may be cut off at the end.</param>
    /// <param name="names">The name of the field with the code, followed by older names of this field.</param>
    internal static string? GetRejectionByCode(ReadOnlySpan<byte> body, params ReadOnlySpan<string> names)
    {
        var response = LenientJson.ParseObject(body);
        foreach (var name in names)
        {
            if (response?.Number(name) is { } code)
            {
                return code == 0
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"the response has {names[0]} {code}");
            }
        }

        return $"the response has no {names[0]}";
    }

    /// <summary>Creates the body of the request.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="channel">Validated options.</param>
    /// <param name="now">The current time, in UTC.</param>
    public abstract JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now);
}
