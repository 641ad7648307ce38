namespace EdsFunctions.Load;

/// <summary>One request for a code, and what the caller knows of it.</summary>
/// <param name="CenId">Of this request alone.</param>
/// <param name="Elapsed">From its start to the end of the answer.</param>
/// <param name="Status">Of the answer; null where none came.</param>
/// <param name="Id">Of the verification, if it was answered 201.</param>
/// <param name="RequestId">Alibaba's, if it was answered 201.</param>
/// <param name="Failure">Why no answer came.</param>
internal sealed record Attempt(
    string CenId, TimeSpan Elapsed, int? Status, Guid? Id = null, string? RequestId = null, string? Failure = null)
{
    public const int Created = 201;

    public const int Unavailable = 503;

    /// <summary>In words.</summary>
    public string End => Status is { } status ? $"answered {status}" : $"without an answer: {Failure}";
}
