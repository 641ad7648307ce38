namespace EdsFunctions.Core.Verifications;

/// <summary>Who closes a verification, and why, in the caller's words.</summary>
public sealed record Closing(string? By = null, string? Note = null);
