namespace EdsFunctions.Tests.Hostile;

/// <summary>An answer as it came over the wire.</summary>
internal readonly record struct HostileAnswer(int Status, bool IsProblem, bool HasType, ReadOnlyMemory<byte> Body)
{
    /// <summary>No refusal is longer: whoever sends 64 KiB must not get megabytes for it.</summary>
    private const int MaxLength = 32 * 1024;

    /// <summary>Why it is not an answer that a hostile request should get; null if it is.</summary>
    public string? Complaint(HostileRequest request) => this switch
    {
        // The web server's own word for a version of HTTP that it does not speak.
        { Status: 505 } when request.Kind == HostileTargets.Version => null,
        { Status: < 400 or > 499 } => "is not a refusal",
        { HasType: true, IsProblem: false } => "is neither a problem nor empty",
        { HasType: false, Body.Length: > 0 } => "has a body of no type",
        { HasType: false } when request.Answered == HostileRequest.By.App => "is not the app's",
        { Body.Length: > MaxLength } => $"is {Body.Length} bytes long",
        { HasType: true } when !SaysItsStatus() => "is not a problem with its status",
        _ => null,
    };

    public override string ToString() => $"{Status} {Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, 1000)])}";

    private bool SaysItsStatus()
    {
        try
        {
            using var problem = JsonDocument.Parse(Body);
            return problem.RootElement.GetProperty("status").GetInt32() == Status
                && problem.RootElement.GetProperty("type").GetString()!.StartsWith(Problems.TypePrefix, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
