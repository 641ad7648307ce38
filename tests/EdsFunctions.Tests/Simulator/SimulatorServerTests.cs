using SimulatorProgram = EdsFunctions.EcdSimulator.Program;

namespace EdsFunctions.Tests.Simulator;

public sealed class SimulatorServerTests
{
    [Fact]
    public async Task The_address_has_the_real_port()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        Assert.Equal("127.0.0.1", ecd.Server.Url.Host);
        Assert.NotEqual(0, ecd.Server.Url.Port);
    }

    [Theory]
    [InlineData("", "secret", null, "Simulator:AccessKeyId must not be empty.")]
    [InlineData("id", " ", null, "Simulator:AccessKeySecret must not be empty.")]
    [InlineData("id", "secret", "", "Simulator:SecurityToken must not be empty.")]
    public async Task An_empty_option_is_named(string id, string secret, string? token, string message)
    {
        var options = new SimulatorOptions { AccessKeyId = id, AccessKeySecret = secret, SecurityToken = token };

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => RunningSimulator.StartAsync(options));

        Assert.Equal(message, exception.Message);
    }

    [Theory]
    [InlineData(0, 5, "Simulator:CodeLifetime must be more than nothing.")]
    [InlineData(10, 0, "Simulator:MaxWrongCodes must be at least 1.")]
    public async Task An_option_out_of_range_is_named(int minutes, int maxWrongCodes, string message)
    {
        var options = new SimulatorOptions { CodeLifetime = TimeSpan.FromMinutes(minutes), MaxWrongCodes = maxWrongCodes };

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => RunningSimulator.StartAsync(options));

        Assert.Equal(message, exception.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7072")]
    [InlineData("https://127.0.0.1:7072")]
    public async Task An_address_that_cannot_be_listened_on_is_named(string url)
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(url));

        Assert.StartsWith($"'{url}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_named()
    {
        await using var first = await RunningSimulator.StartAsync();
        var url = first.Server.Url.GetLeftPart(UriPartial.Authority);

        var exception = await Assert.ThrowsAnyAsync<IOException>(() => StartAsync(url));

        Assert.Contains(url, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_says_in_one_line_that_its_address_is_in_use()
    {
        await using var first = await RunningSimulator.StartAsync();
        var url = first.Server.Url.GetLeftPart(UriPartial.Authority);
        using var error = new StringWriter { NewLine = "\n" };

        Assert.Equal(1, await SimulatorProgram.RunAsync(["--urls", url], TextWriter.Null, error));

        Assert.Equal($"Cannot start: Failed to bind to address {url}: address already in use.\n", error.ToString());
    }

    [Fact]
    public async Task The_program_says_in_one_line_that_a_key_is_empty()
    {
        using var error = new StringWriter { NewLine = "\n" };

        Assert.Equal(1, await SimulatorProgram.RunAsync(["--Simulator:AccessKeyId="], TextWriter.Null, error));

        Assert.Equal("Cannot start: Simulator:AccessKeyId must not be empty.\n", error.ToString());
    }

    [Fact]
    public void Only_the_most_recent_is_kept()
    {
        var recent = new RecentItems<int>(capacity: 2);

        recent.Add(1);
        recent.Add(2);
        recent.Add(3);

        Assert.Equal([2, 3], recent.Snapshot());
    }

    [Fact]
    public void Nonces_do_not_pile_up_without_end()
    {
        var nonces = new NonceWindow(capacity: 2);
        var now = DateTimeOffset.UnixEpoch;

        Assert.All(["a", "b", "c"], nonce => Assert.True(nonces.TryUse(nonce, now)));

        Assert.False(nonces.TryUse("c", now));
        Assert.True(nonces.TryUse("a", now));
    }

    [Fact]
    public void CENs_do_not_pile_up_without_end()
    {
        var codes = new CenRegistry(new SimulatorOptions(), TimeProvider.System, capacity: 2);

        foreach (var cen in new[] { "cen-a", "cen-b", "cen-c" })
            codes.AddCode(cen, 1, "123456");

        Assert.Equal(
            ["InvalidCen.ParameterCenInstanceId", null, null],
            new[] { "cen-a", "cen-b", "cen-c" }.Select(cen => codes.Check(new CenClaim(cen, 1, "123456"))));
    }

    private static Task<SimulatorServer> StartAsync(string url) => SimulatorServer.StartAsync(
        new SimulatorOptions(), url, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
}
