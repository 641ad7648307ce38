using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Xml;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>The query of a request to list verifications.</summary>
/// <param name="State">
/// Lists only verifications in this state. <c>open</c> and <c>closed</c> mean several states.
/// </param>
/// <param name="RegionId">Lists only verifications in this region.</param>
/// <param name="OlderThan">
/// Lists only verifications that are older: <c>[d.]hh:mm:ss</c>, or ISO 8601 such as <c>PT30M</c>.
/// </param>
/// <param name="Limit">The maximum number of verifications on a page.</param>
/// <param name="After">The value of <c>next</c> in the previous page.</param>
public sealed record ListRequest(
    [property: AllowedValues(
        "open", "closed", "sending", "pending", "unknown", "completed", "cancelled", "expired", "failed")]
    string? State,
    [property: RegularExpression($"^{CenTarget.RegionPattern}$"), MaxLength(CenTarget.MaxRegion)] string? RegionId,
    string? OlderThan,
    [property: Range(1, ListRequest.MaxLimit), DefaultValue(ListRequest.DefaultLimit)] int? Limit,
    Guid? After)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    private static readonly string[] Known = JsonFields.GetNames(typeof(ListRequest));

    private static readonly string StatesMessage =
        "must be open, closed or one of "
        + string.Join(", ", Enum.GetValues<VerificationState>().Select(state => state.Name()));

    /// <summary>
    /// Query parameters for function keys. The Functions host has checked the key, so the app ignores these parameters.
    /// </summary>
    private static readonly string[] HostParameters = ["code", "clientId"];

    /// <exception cref="ProblemException">The query is invalid.</exception>
    internal static VerificationQuery Read(IQueryCollection query, DateTimeOffset now, FieldErrors errors)
    {
        foreach (var (name, values) in query)
        {
            if (!Known.Concat(HostParameters).Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add("query", $"contains an unknown parameter; known parameters: {string.Join(", ", Known)}");
            }
            else if (values.Count > 1)
            {
                errors.Add(Known.FirstOrDefault(name.Equals, "query"), "occurs more than once");
            }
        }

        var result = new VerificationQuery(
            Value("state", States, StatesMessage),
            Value("regionId", text => CenTarget.IsRegionId(text) ? text : null, "must be a region such as cn-hangzhou"),
            Value("olderThan", text => now - Age(text), "must be a time span such as 00:30:00, 1.00:00:00 or PT30M"),
            Value("after", Id, "must be the value of next in a previous page"),
            Value("limit", ParseLimit, $"must be an integer from 1 to {MaxLimit}") ?? DefaultLimit);
        errors.ThrowIfAny();
        return result;

        T? Value<T>(string name, Func<string, T?> parse, string message) =>
            errors.Parse(name, query[name] is [var text] ? text : null, parse, message);
    }

    private static IReadOnlyList<VerificationState>? States(string text) => text.ToLowerInvariant() switch
    {
        "open" => VerificationStates.Open,
        "closed" => VerificationStates.Closed,
        var name => Enum.GetValues<VerificationState>().Where(state => state.Name() == name).ToArray()
            is { Length: > 0 } states ? states : null,
    };

    private static Guid? Id(string text) => Guid.TryParseExact(text, "D", out var id) ? id : null;

    private static int? ParseLimit(string text) =>
        // Reject NUL characters, because int.TryParse ignores them at the end.
        !text.Contains('\0')
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit is >= 1 and <= MaxLimit ? limit : null;

    private static TimeSpan? Age(string text)
    {
        TimeSpan age;
        try
        {
            age = Duration.Parse(text) ?? XmlConvert.ToTimeSpan(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }

        return age >= TimeSpan.Zero && age <= TimeSpan.FromDays(36500) ? age : null;
    }
}
