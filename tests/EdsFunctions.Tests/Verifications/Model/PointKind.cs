namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>The places between two things that an operation does. Each kind is counted for itself.</summary>
internal enum PointKind
{
    /// <summary>The open verification of a target, or an idempotency key, was looked up.</summary>
    AfterRead,

    /// <summary>Something is about to be written to the store.</summary>
    BeforeWrite,

    /// <summary>It was written, or another writer was first.</summary>
    AfterWrite,

    /// <summary>A request to Alibaba is about to leave.</summary>
    BeforeCall,

    /// <summary>Alibaba has done what it does; nobody heard of it yet.</summary>
    AfterCall,
}
