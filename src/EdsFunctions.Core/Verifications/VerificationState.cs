using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdsFunctions.Core.Verifications;

/// <summary>Where a verification stands.</summary>
[JsonConverter(typeof(VerificationStateNames))]
public enum VerificationState
{
    /// <summary>Open: recorded, the call to Alibaba not answered yet.</summary>
    Sending,

    /// <summary>Open: Alibaba accepted; the owner has an e-mail, nobody used the code yet.</summary>
    Pending,

    /// <summary>Open: no usable answer; the e-mail may have gone out.</summary>
    Unknown,

    /// <summary>Closed: the CEN is attached, or someone says it is done.</summary>
    Completed,

    /// <summary>Closed: given up by a person.</summary>
    Cancelled,

    /// <summary>Closed: given up by policy.</summary>
    Expired,

    /// <summary>Closed: Alibaba refused, or was never reached; no e-mail went out.</summary>
    Failed,
}

/// <summary>The states as they are written: in lower case.</summary>
internal sealed class VerificationStateNames()
    : JsonStringEnumConverter<VerificationState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>What follows from a state.</summary>
public static class VerificationStates
{
    /// <summary>Whether someone may still be waiting.</summary>
    public static bool IsOpen(this VerificationState state) =>
        state is VerificationState.Sending or VerificationState.Pending or VerificationState.Unknown;

    /// <summary>The state as it is written: in lower case.</summary>
    public static string Name(this VerificationState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
