namespace EdsFunctions.Tests.Hosts;

/// <summary>The HTTP side of a function, the same for both hosts.</summary>
/// <param name="Method">In upper case.</param>
/// <param name="Route">Without the prefix.</param>
/// <param name="Level">Which key the host asks for.</param>
internal sealed record HttpBinding(string Method, string Route, string Level);
