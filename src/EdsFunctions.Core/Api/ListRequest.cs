using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Xml;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>The query of a request to list verifications.</summary>
/// <param name="State">Only those in this state, or in any of the open or closed ones. In any case.</param>
/// <param name="RegionId">Only those of this region.</param>
/// <param name="OlderThan">Only those that are older: <c>[d.]hh:mm:ss</c>, or ISO 8601 such as <c>PT30M</c>.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="After">The <c>next</c> of the page before.</param>
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
        $"must be open, closed, or one of {string.Join(", ", Enum.GetValues<VerificationState>().Select(state => state.Name()))}";

    /// <summary>How a function key may come; the host has checked it.</summary>
    private static readonly string[] OfTheHost = ["code", "clientId"];

    /// <exception cref="ProblemException">Something is wrong.</exception>
    internal static VerificationQuery Read(IQueryCollection query, DateTimeOffset now, FieldErrors errors)
    {
        foreach (var (name, values) in query)
        {
            if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase) && !OfTheHost.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add("query", $"may only have {string.Join(", ", Known)}");
            }
            else if (values.Count > 1)
            {
                errors.Add(Known.FirstOrDefault(name.Equals, "query"), "is given more than once");
            }
        }

        var result = new VerificationQuery(
            Value("state", States, StatesMessage),
            Value("regionId", text => CenTarget.IsRegionId(text) ? text : null, "must be a region such as cn-hangzhou"),
            Value("olderThan", text => now - Age(text), "must be a time span such as 00:30:00 or PT30M"),
            Value("after", Id, "must be the next of a page before"),
            Value("limit", ParseLimit, $"must be 1 to {MaxLimit}") ?? DefaultLimit);
        errors.ThrowIfAny();
        return result;

        T? Value<T>(string name, Func<string, T?> parse, string message) =>
            errors.Parse(name, query[name] is [var text] ? text : null, parse, message);
    }

    private static IReadOnlyList<VerificationState>? States(string text) => text.ToLowerInvariant() switch
    {
        "open" => VerificationStates.Open,
        "closed" => VerificationStates.Closed,
        var name => Enum.GetValues<VerificationState>().Where(state => state.Name() == name).ToArray() is { Length: > 0 } one ? one : null,
    };

    private static Guid? Id(string text) => Guid.TryParseExact(text, "D", out var id) ? id : null;

    private static int? ParseLimit(string text) =>
        // The parser alone would take zero characters behind the digits.
        !text.Contains('\0')
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit is >= 1 and <= MaxLimit ? limit : null;

    private static TimeSpan? Age(string text)
    {
        if (!TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var age))
        {
            try
            {
                age = XmlConvert.ToTimeSpan(text);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                return null;
            }
        }

        return age >= TimeSpan.Zero && age <= TimeSpan.FromDays(36500) ? age : null;
    }
}
