using EdsFunctions.Tests.Builders;
using EdsFunctions.Tests.Drivers;

namespace EdsFunctions.Tests.Verifications;

public sealed class SendTests
{
    [Fact]
    public async Task A_code_is_sent_and_the_verification_waits()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification.By("alice", "new office in Hangzhou");

        var sent = await app.Api.SendAsync(verification);

        sent.ShouldBe(201);
        Assert.Equal("pending", sent["state"]);
        Assert.Equal($"/api/verifications/{sent.Id}", sent.Header("Location"));
        var mail = Assert.Single(app.Alibaba.Outbox.Messages);
        Assert.Equal(verification.CenId, mail.CenId);
        Assert.Equal(sent["requestId"], mail.RequestId);
        var found = await app.Api.GetAsync(sent.Id);
        Assert.Equal(sent.Text, found.ShouldBe(200).Text);
        Assert.Equal("alice", found["requestedBy"]);
        Assert.Equal("new office in Hangzhou", found["note"]);
    }
}
