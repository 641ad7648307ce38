namespace EdsFunctions.Core.Verifications;

/// <summary>The state of a verification.</summary>
[JsonConverter(typeof(VerificationStateNames))]
public enum VerificationState
{
    /// <summary>Open: the send is recorded, and Alibaba has not responded yet.</summary>
    [JsonStringEnumMemberName("sending")]
    Sending,

    /// <summary>Open: Alibaba accepted the send, so the owner gets a code. The code was not used yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Open: Alibaba gave no clear response, so a code may have been sent.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>Closed: the CEN is attached, or a person completed it.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Closed: cancelled by a person.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Closed: the latest e-mail is older than <see cref="VerificationOptions.ExpireAfter"/>.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>
    /// Closed: Alibaba Cloud rejected the request, or the request did not reach Alibaba Cloud. No code was sent.
    /// </summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>
/// Reads and writes states by name. Rejects numbers, because a number would change its meaning if a state was inserted.
/// </summary>
internal sealed class VerificationStateNames()
    : JsonStringEnumConverter<VerificationState>(namingPolicy: null, allowIntegerValues: false);

/// <summary>Groups and names of states.</summary>
public static class VerificationStates
{
    /// <summary>The open states.</summary>
    public static IReadOnlyList<VerificationState> Open { get; } =
        [.. Enum.GetValues<VerificationState>().Where(state => state.IsOpen())];

    /// <summary>The closed states.</summary>
    public static IReadOnlyList<VerificationState> Closed { get; } =
        [.. Enum.GetValues<VerificationState>().Where(state => !state.IsOpen())];

    /// <summary>Whether a verification in this state may still be completed.</summary>
    public static bool IsOpen(this VerificationState state) =>
        state is VerificationState.Sending or VerificationState.Pending or VerificationState.Unknown;

    /// <summary>The stored name, in lower case.</summary>
    public static string Name(this VerificationState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
