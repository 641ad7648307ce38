namespace EdsFunctions.Tests.Verifications;

public sealed class VerificationStateTests
{
    /// <summary>The names are in the databases and in what clients rely on.</summary>
    [Theory]
    [InlineData(VerificationState.Sending, "sending", true)]
    [InlineData(VerificationState.Pending, "pending", true)]
    [InlineData(VerificationState.Unknown, "unknown", true)]
    [InlineData(VerificationState.Completed, "completed", false)]
    [InlineData(VerificationState.Cancelled, "cancelled", false)]
    [InlineData(VerificationState.Expired, "expired", false)]
    [InlineData(VerificationState.Failed, "failed", false)]
    public void A_state_is_written_and_read_by_its_name(VerificationState state, string name, bool isOpen)
    {
        Assert.Equal(name, state.Name());
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(state));
        Assert.Equal(state, JsonSerializer.Deserialize<VerificationState>($"\"{name}\""));
        Assert.Equal((isOpen, !isOpen), (VerificationStates.Open.Contains(state), VerificationStates.Closed.Contains(state)));
    }

    /// <summary>A number would mean another state once one is inserted before it.</summary>
    [Theory]
    [InlineData("\"Pending\"")]
    [InlineData("\"lost\"")]
    [InlineData("1")]
    [InlineData("null")]
    public void Anything_else_is_no_state(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<VerificationState>(json));
}
