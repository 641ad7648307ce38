using SimulatorProgram = EdsFunctions.EcdSimulator.Program;

namespace EdsFunctions.Tests.Simulator;

public sealed class SimulatorServerTests
{
    [Theory]
    [InlineData("Simulator:AccessKeyId must not be empty.", "", "secret")]
    [InlineData("Simulator:AccessKeySecret must not be empty.", "id", " ")]
    [InlineData("Simulator:SecurityToken must not be empty.", "id", "secret", "")]
    [InlineData("Simulator:CodeLifetime must be positive.", "id", "secret", null, 0)]
    [InlineData("Simulator:CodeLifetime must be at most a day, 1.00:00:00.", "id", "secret", null, 24 * 24 * 60)]
    [InlineData("Simulator:MaxWrongCodes must be at least 1.", "id", "secret", null, 10, 0)]
    public async Task Start_InvalidOption_NamesIt(
        string message, string id, string secret, string? token = null, int minutes = 10, int maxWrongCodes = 5)
    {
        var options = new SimulatorOptions
        {
            AccessKeyId = id,
            AccessKeySecret = secret,
            SecurityToken = token,
            CodeLifetime = TimeSpan.FromMinutes(minutes),
            MaxWrongCodes = maxWrongCodes,
        };

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => RunningSimulator.StartAsync(options));

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public async Task Start_AddressInUse_NamesIt()
    {
        await using var first = await RunningSimulator.StartAsync();
        var url = first.Server.Url.GetLeftPart(UriPartial.Authority);
        var message = $"Failed to bind to address {url}: address already in use.";

        Assert.Equal(message, (await Assert.ThrowsAnyAsync<IOException>(() => StartAsync(url))).Message);
        Assert.Equal($"Cannot start: {message}\n", await FailedProgramAsync("--urls", url));
    }

    [Fact]
    public void Add_BeyondCapacity_DropsTheOldest()
    {
        var recent = new RecentItems<int>(capacity: 2);
        var nonces = new NonceWindow(capacity: 2);
        var cens = new CenRegistry(new SimulatorOptions(), TimeProvider.System, capacity: 2);
        int[] numbers = [1, 2, 3];

        foreach (var n in numbers)
        {
            recent.Add(n);
            Assert.True(nonces.TryUse($"{n}", DateTimeOffset.UnixEpoch));
            cens.AddCode($"cen-{n}", ownerId: 1, "123456");
        }

        Assert.Equal([2, 3], recent.Items);
        Assert.False(nonces.TryUse("3", DateTimeOffset.UnixEpoch));
        Assert.True(nonces.TryUse("1", DateTimeOffset.UnixEpoch));
        Assert.Equal(
            ["InvalidCen.ParameterCenInstanceId", null, null],
            numbers.Select(n => cens.Check(new CenClaim($"cen-{n}", OwnerId: 1, "123456"))));
    }

    private static Task<SimulatorServer> StartAsync(string url) => SimulatorServer.StartAsync(
        new SimulatorOptions(), url, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <returns>The standard error output.</returns>
    private static async Task<string> FailedProgramAsync(params string[] arguments)
    {
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(1, await SimulatorProgram.RunAsync(arguments, TextWriter.Null, error));
        return error.ToString();
    }
}
