namespace EdsFunctions.Core.Alibaba;

/// <summary>What a refusal of Alibaba's asks for.</summary>
public enum EcdErrorKind
{
    /// <summary>The request itself is not acceptable; the same again will be refused again.</summary>
    Request,

    /// <summary>Too many requests; the same again later may be accepted.</summary>
    Throttled,

    /// <summary>The access key is unknown or inactive, or the signature does not fit it: the credentials may have been rotated.</summary>
    Credentials,

    /// <summary>The RAM user may not call the operation.</summary>
    Permission,

    /// <summary>The clock of this machine is off by more than 15 minutes, or the date was not understood.</summary>
    Clock,
}
