using System.Text.Json;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Tests.Verifications;

public sealed class VerificationStateTests
{
    [Fact]
    public void A_state_is_written_and_read_by_its_name()
    {
        Assert.Equal("\"pending\"", JsonSerializer.Serialize(VerificationState.Pending));
        Assert.Equal(VerificationState.Pending, JsonSerializer.Deserialize<VerificationState>("\"pending\""));
    }

    /// <summary>A number would mean another state once one is inserted before it.</summary>
    [Fact]
    public void A_number_is_no_state() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<VerificationState>("1"));
}
