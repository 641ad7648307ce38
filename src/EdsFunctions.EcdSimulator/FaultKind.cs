namespace EdsFunctions.EcdSimulator;

/// <summary>Ways in which a well-formed, well-signed request goes wrong. "Work" is sending the e-mail.</summary>
public enum FaultKind
{
    /// <summary>400 <c>Throttling.User</c>; no work.</summary>
    Throttle,

    /// <summary>503 <c>ServiceUnavailable</c>; no work.</summary>
    Unavailable,

    /// <summary>No answer until the client goes away or the server stops; no work.</summary>
    Hang,

    /// <summary>The connection ends without an answer; no work.</summary>
    CloseBeforeWork,

    /// <summary>The work is done, then the connection ends without an answer.</summary>
    CloseAfterWork,

    /// <summary>The work is done; 200 with JSON that breaks off.</summary>
    Malformed,

    /// <summary>403 <c>Forbidden.RAM</c>; no work.</summary>
    Denied,
}
