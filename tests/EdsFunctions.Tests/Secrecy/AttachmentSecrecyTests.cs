namespace EdsFunctions.Tests.Secrecy;

/// <summary>The flows that use a code: the code itself, and what Alibaba's list of office networks holds of other people's.</summary>
[Collection(WatchedApp.OneAtATime)]
public sealed class AttachmentSecrecyTests
{
    private const string Office = "cn-hangzhou+dir-2051660961";
    private const string WrongCode = "739182";

    [Fact]
    public async Task Codes_right_and_wrong_checked_attached_and_reconciled()
    {
        await using var app = await WatchedApp.StartAsync(new() { ["Reconcile:Enabled"] = "true" });
        app.Confide("secret of an office network", OfficeSiteSecrets.Mark);
        app.ConfideNumber("wrong code", WrongCode);
        var verification = A.Verification;
        var sent = (await app.Api.SendAsync(verification)).ShouldBe(201);
        var code = app.Alibaba.Outbox.Messages.Last(mail => mail.CenId == verification.CenId).Code;
        app.ConfideNumber("code", code);
        Task<ApiResponse> UseAsync(string what, string with, string used) =>
            app.Api.PostAsync($"verifications/{sent.Id}/{what}", $$"""{{{with}},"verifyCode":"{{used}}"}""");
        const string cidrBlock = "\"cidrBlock\":\"192.168.7.0/24\"";
        const string office = $"\"officeSiteId\":\"{Office}\"";

        foreach (var with in new[] { cidrBlock, office, "\"cidrBlock\":[]", $"\"{WrongCode}\":1", $"\"officeSiteId\":\"../{WrongCode}\"" })
        {
            await UseAsync("check", with, WrongCode);
            await UseAsync("attach", with, WrongCode);
        }

        foreach (var kind in new[] { FaultKind.Denied, FaultKind.Malformed, FaultKind.CloseBeforeWork, FaultKind.Throttle })
        {
            app.Alibaba.Faults.Add(new Fault(kind, "VerifyCen", RetryAfterMs: 3_600_000));
            await UseAsync("check", cidrBlock, code);
            app.Alibaba.Faults.Add(new Fault(kind, "AttachCen", RetryAfterMs: 3_600_000));
            Assert.NotEqual(200, (await UseAsync("attach", office, WrongCode)).Status);
            await app.RunReportAsync();
        }

        (await UseAsync("check", cidrBlock, code)).ShouldBe(200);
        (await UseAsync("attach", office, code)).ShouldBe(200);
        Assert.Contains(app.Alibaba.Requests.Items, request => request.Action == "DescribeOfficeSites");

        app.ShouldHaveShownNothing();
        Assert.False(app.DatabaseHolds(new Confidential().AddNumber("code", code).AddNumber("code", WrongCode)));
    }
}
