namespace EdsFunctions.EcdSimulator;

/// <summary>
/// Ways in which a well-formed, well-signed request goes wrong. "Work" is what the action is there for: sending the e-mail,
/// attaching the CEN.
/// </summary>
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

    /// <summary>The work is done; the answer is JSON that breaks off.</summary>
    Malformed,

    /// <summary>403 <c>Forbidden.RAM</c>; no work.</summary>
    Denied,
}
