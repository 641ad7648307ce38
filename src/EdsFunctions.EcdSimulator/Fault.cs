namespace EdsFunctions.EcdSimulator;

/// <summary>An order to let requests fail.</summary>
/// <param name="Kind">How.</param>
/// <param name="Action">Only requests for this action, such as <c>SendVerifyCode</c>; null for any.</param>
/// <param name="CenId">Only requests for this CEN, so that tests can share a simulator; null for any.</param>
/// <param name="Times">How many requests; at least one.</param>
/// <param name="RetryAfterMs">For <see cref="FaultKind.Throttle"/>: the <c>x-acs-retry-after</c> header, in milliseconds.</param>
public sealed record Fault(
    FaultKind Kind,
    string? Action = null,
    string? CenId = null,
    int Times = 1,
    int? RetryAfterMs = null)
{
    /// <summary>The kind as it is written in JSON: <c>closeAfterWork</c>.</summary>
    internal string Name => JsonNamingPolicy.CamelCase.ConvertName(Kind.ToString());

    internal bool Matches(string action, string? cenId) =>
        (Action is null || Action == action) && (CenId is null || CenId == cenId);
}
