namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A request as a fake server received it.</summary>
/// <param name="Connection">The number of the connection, from 1.</param>
/// <param name="Line">The request line, such as <c>POST / HTTP/1.1</c>.</param>
/// <param name="Headers">The headers in their original order and case.</param>
/// <param name="Body">The body.</param>
internal sealed record RawHttpRequest(
    int Connection, string Line, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    /// <summary>
    /// The value of a header; null if the header is missing. Throws if the header occurs more than once.
    /// </summary>
    public string? Header(string name) => Headers
        .Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Value)
        .SingleOrDefault();
}
