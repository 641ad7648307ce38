namespace EdsFunctions.Tests.Secrecy;

/// <summary>The ways on which something leaves the app.</summary>
public enum Channel
{
    /// <summary>A log entry: its text, its values, its scopes, and its exception.</summary>
    Log,

    /// <summary>An HTTP response: its status, its headers, and its body.</summary>
    Response,

    /// <summary>A measurement: its instrument and its tags.</summary>
    Metric,

    /// <summary>An activity (span): its names, tags, events, links, and baggage.</summary>
    Activity,

    /// <summary>An exception of a type of ours, or thrown by a method of ours.</summary>
    Exception,

    /// <summary>What a process writes to standard output or standard error.</summary>
    Console,

    /// <summary>The bytes of the database, with its write-ahead log.</summary>
    Database,
}
