namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>What meets one request to Alibaba.</summary>
internal enum Weather
{
    Fair,

    /// <summary>400 <c>Throttling.User</c>; no e-mail.</summary>
    Throttle,

    /// <summary>The same, and Alibaba asks to wait longer than a call may take.</summary>
    ThrottleLong,

    /// <summary>503 <c>ServiceUnavailable</c>; no e-mail.</summary>
    Unavailable,

    /// <summary>No answer; no e-mail.</summary>
    Hang,

    /// <summary>The connection ends; no e-mail.</summary>
    CloseBeforeWork,

    /// <summary>The connection ends; there is an e-mail.</summary>
    CloseAfterWork,

    /// <summary>Half an answer; there is an e-mail.</summary>
    Malformed,

    /// <summary>403 <c>Forbidden.RAM</c>; no e-mail.</summary>
    Denied,

    /// <summary>Nobody listens.</summary>
    Refused,
}
