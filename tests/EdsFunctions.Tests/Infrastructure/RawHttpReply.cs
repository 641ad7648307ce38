namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// The bytes that a fake server writes as a response, and what it does with the connection afterwards.
/// </summary>
/// <param name="Text">The text that the server writes, unchanged.</param>
/// <param name="Then">The action on the connection afterwards.</param>
internal sealed record RawHttpReply(string Text, RawHttpReply.ConnectionAction Then)
{
    internal enum ConnectionAction
    {
        /// <summary>Keeps the connection open for the next request.</summary>
        KeepOpen,

        /// <summary>Closes the connection (FIN).</summary>
        Close,

        /// <summary>Resets the connection (RST).</summary>
        Reset,

        /// <summary>Keeps the connection open, and sends nothing more.</summary>
        Hang,
    }

    public static RawHttpReply Closes { get; } = new("", ConnectionAction.Close);

    public static RawHttpReply Resets { get; } = new("", ConnectionAction.Reset);

    public static RawHttpReply Hangs { get; } = new("", ConnectionAction.Hang);

    /// <summary>Creates a complete response on a connection that stays open.</summary>
    public static RawHttpReply Create(
        int status, string contentType, string body, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} As Scripted\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Type: {contentType}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        foreach (var (name, value) in headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return new RawHttpReply(text.Append("\r\n").Append(body).ToString(), ConnectionAction.KeepOpen);
    }

    /// <summary>Returns a reply with the start of this response only. The server then closes the connection.</summary>
    public RawHttpReply CutTo(int characters) => new(Text[..characters], ConnectionAction.Close);

    /// <summary>Returns a reply with the start of this response only. The server then sends nothing more.</summary>
    public RawHttpReply StuckAt(int characters) => new(Text[..characters], ConnectionAction.Hang);
}
