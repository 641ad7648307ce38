namespace EdsFunctions.Tests.Hostile;

/// <summary>A request with at least one defect that is certain, whatever else is in it: nothing may come of it.</summary>
/// <param name="Kind">What is wrong with it, for the statistics and for the message of a test that fails.</param>
/// <param name="Bytes">What goes over the wire.</param>
/// <param name="Answered">Who has to answer it.</param>
internal sealed record HostileRequest(string Kind, byte[] Bytes, HostileRequest.By Answered)
{
    internal enum By
    {
        /// <summary>The app itself, with a problem.</summary>
        App,

        /// <summary>The app or the web server.</summary>
        Either,

        /// <summary>
        /// The app, the web server, or nobody: where a message ends is part of what is wrong, so that it gets a connection of
        /// its own, and the web server may just close it. The client says nothing more once there is an answer.
        /// </summary>
        Anyone,

        /// <summary>
        /// The same, for a message that is not whole: the client ends its side at once, or all would wait for the rest.
        /// </summary>
        AnyoneAfterTheEnd,
    }

    /// <summary>The header that a body needs.</summary>
    public const string Json = "Content-Type: application/json\r\n";

    public bool IsOnItsOwn => Answered is By.Anyone or By.AnyoneAfterTheEnd;

    /// <summary>A request to send a code, with a body that is well framed.</summary>
    public static HostileRequest Post(string kind, byte[] body, string path = "/api/verifications", string headers = "") =>
        new(kind, [.. Head($"POST {path}", $"{Json}{headers}Content-Length: {body.Length}\r\n"), .. body], By.App);

    /// <summary>The request line and the headers, with the blank line.</summary>
    public static byte[] Head(string line, string headers = "") =>
        Encoding.Latin1.GetBytes($"{line} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

    /// <summary>As a programmer reads it.</summary>
    public override string ToString()
    {
        const int Shown = 3000;
        var text = new StringBuilder();
        foreach (var one in Bytes.Take(Shown))
        {
            text.Append(one is (byte)'\n' ? "\n" : one is >= 0x20 and < 0x7F ? ((char)one).ToString() : $"\\x{one:x2}");
        }

        return $"{Kind}, {Bytes.Length} bytes:\n{text}";
    }
}
