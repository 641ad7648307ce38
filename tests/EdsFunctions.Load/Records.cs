namespace EdsFunctions.Load;

/// <summary>A request for a code and its response.</summary>
/// <param name="CenId">The CEN. Each request has another one.</param>
/// <param name="Elapsed">The time from the start of the request to the end of the response.</param>
/// <param name="Status">The HTTP status; null if there was no response.</param>
/// <param name="Id">The verification's id, with status 201 only.</param>
/// <param name="RequestId">Alibaba's request id, with status 201 only.</param>
/// <param name="Failure">The error, if there was no response.</param>
internal sealed record Attempt(
    string CenId, TimeSpan Elapsed, int? Status, Guid? Id = null, string? RequestId = null, string? Failure = null)
{
    public const int Created = 201;
    public const int Unavailable = 503;

    public string Result => Status is { } status ? $"status {status}" : $"no response: {Failure}";
}

/// <summary>A verification in the list of DevHost.</summary>
internal sealed record ListedVerification(Guid Id, string CenId, string State, string? RequestId);

/// <summary>An e-mail in the outbox of the simulator.</summary>
internal sealed record Email(string CenId, string RequestId);

/// <summary>A page of a list.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, Guid? Next);
