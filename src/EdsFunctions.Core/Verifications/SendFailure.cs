using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>Why the latest send of a verification did not end with Alibaba's acceptance.</summary>
/// <param name="Kind">What is known of the e-mail.</param>
/// <param name="Reason">In words, without any part of the request.</param>
/// <param name="Error">What Alibaba said, if it refused.</param>
public sealed record SendFailure(SendFailureKind Kind, string Reason, EcdError? Error = null);

/// <summary>What is known of the e-mail after a send that was not accepted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SendFailureKind>))]
public enum SendFailureKind
{
    /// <summary>Alibaba refused: none.</summary>
    Rejected,

    /// <summary>Alibaba was not reached: none.</summary>
    NotSent,

    /// <summary>No usable answer: there may be one.</summary>
    Unknown,
}
