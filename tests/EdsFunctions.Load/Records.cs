namespace EdsFunctions.Load;

/// <summary>One request for a code, as its caller saw it.</summary>
/// <param name="CenId">No other request has it.</param>
/// <param name="Elapsed">From the start of the request to the end of the response.</param>
/// <param name="Status">Null if there was no response.</param>
/// <param name="Id">The verification, if the status is 201.</param>
/// <param name="RequestId">Alibaba's, if the status is 201.</param>
/// <param name="Failure">Why there was no response.</param>
internal sealed record Attempt(
    string CenId, TimeSpan Elapsed, int? Status, Guid? Id = null, string? RequestId = null, string? Failure = null)
{
    public const int Created = 201;
    public const int Unavailable = 503;

    public string Result => Status is { } status ? $"status {status}" : $"no response: {Failure}";
}

/// <summary>A verification, as DevHost lists it.</summary>
internal sealed record ListedVerification(Guid Id, string CenId, string State, string? RequestId);

/// <summary>An e-mail, as the simulator lists it.</summary>
internal sealed record Email(string CenId, string RequestId);

/// <summary>A list of either.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, Guid? Next);
