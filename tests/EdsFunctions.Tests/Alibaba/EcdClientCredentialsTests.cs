namespace EdsFunctions.Tests.Alibaba;

/// <summary>A key that Alibaba refuses may have been rotated: it is refreshed, once.</summary>
public sealed class EcdClientCredentialsTests
{
    private static readonly AlibabaCredentials Old = new("old", "old-secret");
    private static readonly AlibabaCredentials Fresh = new("testid", "testsecret");

    [Theory]
    [InlineData(400, "SignatureDoesNotMatch")]
    [InlineData(404, "InvalidAccessKeyId.NotFound")]
    [InlineData(400, "InvalidAccessKeyId.Inactive")]
    [InlineData(400, "InvalidSecurityToken.Expired")]
    public async Task The_same_key_again_is_not_tried_again(int status, string code)
    {
        await using var server = RawHttpServer.Start(EcdReplies.Refused(status, code));
        var credentials = new ScriptedCredentials(() => Old, _ => new AlibabaCredentials("old", "old-secret"));
        using var ecd = RunningEcdClient.Start(server.Url, credentials);

        var rejected = Assert.IsType<EcdOutcome.Rejected>(await ecd.SendAsync());

        Assert.Equal(code, rejected.Error.Code);
        Assert.Single(server.Requests);
        Assert.Equal(1, credentials.Refreshes);
    }

    [Theory]
    [InlineData(403, "Forbidden.RAM")]
    [InlineData(400, "InvalidTimeStamp.Expired")]
    [InlineData(400, "MissingRegionId")]
    [InlineData(503, "SignatureDoesNotMatch")]
    public async Task Another_refusal_is_final_after_one_request_and_does_not_refresh_the_key(int status, string code)
    {
        await using var server = RawHttpServer.Start(EcdReplies.Refused(status, code));
        var credentials = new ScriptedCredentials(() => Old, _ => Fresh);
        using var ecd = RunningEcdClient.Start(server.Url, credentials);

        await ecd.SendAsync();

        Assert.Single(server.Requests);
        Assert.Equal(0, credentials.Refreshes);
    }

    [Fact]
    public async Task The_repeat_is_signed_with_the_new_key()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Refused(400, "SignatureDoesNotMatch"), EcdReplies.Accepted());
        var fresh = new AlibabaCredentials("STS.fresh", "fresh-secret", "fresh-token");
        using var ecd = RunningEcdClient.Start(server.Url, new ScriptedCredentials(() => Old, _ => fresh));

        Assert.IsType<EcdOutcome.Accepted>(await ecd.SendAsync());

        Assert.Equal(2, server.Requests.Count);
        Assert.Contains(" Credential=old,", server.Requests[0].Header("Authorization"), StringComparison.Ordinal);
        Assert.Null(server.Requests[0].Header("x-acs-security-token"));
        Assert.Contains(" Credential=STS.fresh,", server.Requests[1].Header("Authorization"), StringComparison.Ordinal);
        Assert.Equal("fresh-token", server.Requests[1].Header("x-acs-security-token"));
        Assert.NotEqual(server.Requests[0].Header("x-acs-signature-nonce"), server.Requests[1].Header("x-acs-signature-nonce"));
    }

    [Fact]
    public async Task The_key_is_read_anew_once_however_often_it_is_refused()
    {
        var reads = 0;
        await using var server = RawHttpServer.Start(EcdReplies.Refused(400, "SignatureDoesNotMatch"));
        var credentials = new ScriptedCredentials(() => Old, _ => new AlibabaCredentials($"fresh-{++reads}", "secret"));
        using var ecd = RunningEcdClient.Start(server.Url, credentials);

        Assert.IsType<EcdOutcome.Rejected>(await ecd.SendAsync());

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(1, credentials.Refreshes);
    }

    [Theory]
    [InlineData("SignatureDoesNotMatch", "Throttling", "Throttling")]
    [InlineData("Throttling", "SignatureDoesNotMatch", "Throttling")]
    [InlineData("Throttling", "Throttling", "SignatureDoesNotMatch")]
    public async Task There_are_never_more_than_three_requests(params string[] codes)
    {
        var pauses = codes.Take(2).Count(code => code == "Throttling");
        await using var server = RawHttpServer.Start(
            [.. codes.Select(code => EcdReplies.Refused(400, code)), EcdReplies.Accepted()]);
        using var ecd = RunningEcdClient.Start(server.Url, new ScriptedCredentials(() => Old, _ => Fresh));

        var send = ecd.SendAsync();
        for (var i = 0; i < pauses; i++)
        {
            await ecd.PassNextPauseAsync();
        }

        var rejected = Assert.IsType<EcdOutcome.Rejected>(await send);
        Assert.Equal(codes[2], rejected.Error.Code);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Where_the_key_cannot_be_read_anew_the_refusal_stands()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Refused(400, "SignatureDoesNotMatch"));
        using var ecd = RunningEcdClient.Start(
            server.Url, new ScriptedCredentials(() => Old, _ => throw new CredentialsUnavailableException("The vault is away.")));

        var rejected = Assert.IsType<EcdOutcome.Rejected>(await ecd.SendAsync());

        Assert.Equal("SignatureDoesNotMatch", rejected.Error.Code);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_sent_and_the_caller_hears_nothing_of_the_vault()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Accepted());
        const string Line = "Key Vault contoso.vault.azure.net has no secret alibaba-credentials.";
        using var ecd = RunningEcdClient.Start(
            server.Url, new ScriptedCredentials(() => throw new CredentialsUnavailableException(Line)));

        Assert.Equal(new EcdOutcome.NotSent("the app has no access key to sign with"), await ecd.SendAsync());
        Assert.Empty(server.Requests);
    }
}
