namespace EdsFunctions.Tests.Pictures;

/// <summary>What a platform gets to show, and the name of its picture.</summary>
/// <param name="Name">The name of the file, without its end.</param>
/// <param name="Json">As it went over the wire.</param>
internal sealed record Payload(string Name, string Json);
