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

/// <summary>
/// The states as they are written: in lower case. Not the library's converter, for which 46 methods are compiled when the first request is
/// there, and 16 for this one.
/// </summary>
internal sealed class VerificationStateNames : JsonConverter<VerificationState>
{
    private static readonly VerificationState[] All = Enum.GetValues<VerificationState>();

    /// <inheritdoc/>
    public override VerificationState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        var index = Array.FindIndex(All, state => state.Name() == name);
        return index >= 0 ? All[index] : throw new JsonException("No state has that name.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, VerificationState value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name());
}

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
    public static string Name(this VerificationState state) => state switch
    {
        VerificationState.Sending => "sending",
        VerificationState.Pending => "pending",
        VerificationState.Unknown => "unknown",
        VerificationState.Completed => "completed",
        VerificationState.Cancelled => "cancelled",
        VerificationState.Expired => "expired",
        VerificationState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
