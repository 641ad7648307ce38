namespace EdsFunctions.Tests.Infrastructure;

/// <summary>What a socket does with a request once it has read it whole.</summary>
/// <param name="Text">What is written first, as it stands.</param>
/// <param name="Then">What becomes of the connection.</param>
internal sealed record RawHttpReply(string Text, RawHttpReply.Ending Then)
{
    internal enum Ending
    {
        /// <summary>The next request may come on it.</summary>
        KeepOpen,

        /// <summary>It ends in order (FIN).</summary>
        Close,

        /// <summary>It is torn down (RST).</summary>
        Reset,

        /// <summary>Nothing more comes; the client has to end it.</summary>
        Hang,
    }

    public static RawHttpReply Closes { get; } = new("", Ending.Close);

    public static RawHttpReply Resets { get; } = new("", Ending.Reset);

    public static RawHttpReply Hangs { get; } = new("", Ending.Hang);

    /// <summary>A whole answer on a connection that stays open.</summary>
    public static RawHttpReply Answers(int status, string contentType, string body, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} As Scripted\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Type: {contentType}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        foreach (var (name, value) in headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return new RawHttpReply(text.Append("\r\n").Append(body).ToString(), Ending.KeepOpen);
    }

    /// <summary>Only the beginning of an answer, and then the end of the connection.</summary>
    public RawHttpReply CutTo(int characters) => new(Text[..characters], Ending.Close);

    /// <summary>Only the beginning of an answer, and nothing after it.</summary>
    public RawHttpReply StuckAt(int characters) => new(Text[..characters], Ending.Hang);
}
