namespace EdsFunctions.DevHost;

/// <summary>What a mapped endpoint is in the Functions app.</summary>
/// <param name="Name">The name of the function.</param>
/// <param name="Method">The HTTP method, in upper case.</param>
/// <param name="Route">The route, without the prefix.</param>
/// <param name="Level">Which key the Functions host asks for; this host asks for none.</param>
public sealed record MappedFunction(string Name, string Method, string Route, KeyLevel Level);

/// <summary>Which key a function asks for; the names are those of the worker's AuthorizationLevel.</summary>
public enum KeyLevel
{
    /// <summary>None.</summary>
    Anonymous,

    /// <summary>A key of the function or the app.</summary>
    Function,
}
