using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>A kind of report channel: how a notice is written for it, and how its response is read.</summary>
/// <param name="name">Its name in the configuration and in metrics.</param>
internal abstract class ChannelKind(string name)
{
    public string Name => name;

    /// <summary>The longest body that it accepts.</summary>
    public virtual int MaxBytes => int.MaxValue;

    /// <summary>Validates the secret of a channel; a kind that signs nothing knows none.</summary>
    /// <param name="key">Its configuration key.</param>
    /// <param name="secret">The secret; null or empty if there is none.</param>
    /// <returns>What is wrong with it, without its value.</returns>
    public virtual IEnumerable<string> ValidateSecret(string key, string? secret) =>
        string.IsNullOrEmpty(secret) ? [] : [$"{key} must not be set; {Name} knows none."];

    /// <summary>The request, signed if the kind signs.</summary>
    /// <param name="channel">Validated options.</param>
    /// <param name="body">The body.</param>
    /// <param name="now">UTC.</param>
    public virtual HttpRequestMessage CreateRequest(ReportChannelOptions channel, byte[] body, DateTimeOffset now) =>
        MessageJson.Post(new Uri(channel.Url!), body);

    /// <summary>Why the platform rejected the notice, without any of its text; null if it accepted it.</summary>
    /// <param name="body">The beginning of its response to a request that succeeded in HTTP.</param>
    public virtual string? GetRejection(ReadOnlySpan<byte> body) => null;

    /// <summary>Reads a response whose HTTP status says nothing, and in which a code of 0 is success.</summary>
    /// <param name="body">As for <see cref="GetRejection"/>.</param>
    /// <param name="names">The name of the code, and names that it had before.</param>
    internal static string? GetRejectionByCode(ReadOnlySpan<byte> body, params ReadOnlySpan<string> names)
    {
        var response = LenientJson.ParseObject(body);
        foreach (var name in names)
        {
            if (response?.Number(name) is { } code)
            {
                return code == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"it answered {names[0]} {code}");
            }
        }

        return $"its answer has no {names[0]}";
    }

    /// <summary>The body of the request.</summary>
    /// <param name="notice">What to say.</param>
    /// <param name="channel">Validated options.</param>
    /// <param name="now">UTC.</param>
    public abstract JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now);
}
