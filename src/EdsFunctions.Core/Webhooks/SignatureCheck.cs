namespace EdsFunctions.Core.Webhooks;

/// <summary>What a verifier says of a delivery. Only one of them means that it came from whom it says it did.</summary>
public enum SignatureCheck
{
    /// <summary>No secret is configured, so that nothing can be valid.</summary>
    NotConfigured,

    /// <summary>There is no signature, or a header that belongs to it is missing.</summary>
    MissingSignature,

    /// <summary>The signature, or a header that belongs to it, does not have its form.</summary>
    Malformed,

    /// <summary>It was signed too long ago, or too far in the future.</summary>
    Expired,

    /// <summary>Signed with another secret, or something else was signed.</summary>
    Mismatch,

    /// <summary>Signed with one of our secrets, and fresh where the scheme can tell.</summary>
    Valid,
}
