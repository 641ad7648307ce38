namespace EdsFunctions.Tests.Http;

/// <summary>What all problems of a type have in common.</summary>
/// <param name="Type">The whole type.</param>
/// <param name="Title">In words.</param>
/// <param name="Status">The HTTP status.</param>
internal sealed record ProblemKind(string Type, string Title, int Status);
