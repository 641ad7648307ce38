namespace EdsFunctions.Load;

/// <summary>A verification as DevHost lists it.</summary>
internal sealed record OnRecord(Guid Id, string CenId, string State, string? RequestId);
