namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A whole request as it came over a socket.</summary>
/// <param name="Connection">Which connection it came on, counted from 1.</param>
/// <param name="Line">The request line, such as <c>POST / HTTP/1.1</c>.</param>
/// <param name="Headers">In the order and with the names that were sent.</param>
/// <param name="Body">What followed the headers.</param>
internal sealed record RawHttpRequest(
    int Connection, string Line, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    /// <summary>The value of a header; null where it was not sent. A header that was sent twice is an error.</summary>
    public string? Header(string name) => Headers
        .Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Value)
        .SingleOrDefault();
}
