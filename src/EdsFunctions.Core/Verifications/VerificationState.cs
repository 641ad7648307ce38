namespace EdsFunctions.Core.Verifications;

/// <summary>Where a verification stands.</summary>
[JsonConverter(typeof(VerificationStateNames))]
public enum VerificationState
{
    /// <summary>Open: recorded, the call to Alibaba not answered yet.</summary>
    [JsonStringEnumMemberName("sending")]
    Sending,

    /// <summary>Open: Alibaba accepted; the owner has an e-mail, nobody used the code yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Open: no usable answer; the e-mail may have gone out.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>Closed: the CEN is attached, or someone says it is done.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Closed: given up by a person.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Closed: given up by policy.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>Closed: Alibaba refused, or was never reached; no e-mail went out.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>Reads names only: a number would mean another state once one is inserted before it.</summary>
internal sealed class VerificationStateNames() : JsonStringEnumConverter<VerificationState>(namingPolicy: null, allowIntegerValues: false);

/// <summary>What follows from a state.</summary>
public static class VerificationStates
{
    /// <summary>The open ones.</summary>
    public static IReadOnlyList<VerificationState> Open { get; } = [.. Enum.GetValues<VerificationState>().Where(state => state.IsOpen())];

    /// <summary>The closed ones.</summary>
    public static IReadOnlyList<VerificationState> Closed { get; } = [.. Enum.GetValues<VerificationState>().Where(state => !state.IsOpen())];

    /// <summary>Whether someone may still be waiting.</summary>
    public static bool IsOpen(this VerificationState state) =>
        state is VerificationState.Sending or VerificationState.Pending or VerificationState.Unknown;

    /// <summary>The state as it is written: in lower case.</summary>
    public static string Name(this VerificationState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
