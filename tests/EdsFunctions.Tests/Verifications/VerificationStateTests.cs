namespace EdsFunctions.Tests.Verifications;

public sealed class VerificationStateTests
{
    /// <summary>The names of the states must not change: they are stored, and clients depend on them.</summary>
    [Theory]
    [InlineData(VerificationState.Sending, "sending", true)]
    [InlineData(VerificationState.Pending, "pending", true)]
    [InlineData(VerificationState.Unknown, "unknown", true)]
    [InlineData(VerificationState.Completed, "completed", false)]
    [InlineData(VerificationState.Cancelled, "cancelled", false)]
    [InlineData(VerificationState.Expired, "expired", false)]
    [InlineData(VerificationState.Failed, "failed", false)]
    public void Serialize_EachState_WritesAndReadsItsName(VerificationState state, string name, bool isOpen)
    {
        Assert.Equal(name, state.Name());
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(state));
        Assert.Equal(state, JsonSerializer.Deserialize<VerificationState>($"\"{name}\""));
        Assert.Equal(
            (isOpen, !isOpen), (VerificationStates.Open.Contains(state), VerificationStates.Closed.Contains(state)));
    }

    /// <summary>
    /// The app rejects a number as a state, because its meaning would change if a state was inserted before it.
    /// </summary>
    [Theory]
    [InlineData("\"Pending\"")]
    [InlineData("\"unheard\"")]
    [InlineData("1")]
    [InlineData("null")]
    public void Deserialize_AnythingElse_Throws(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<VerificationState>(json));
}
