namespace EdsFunctions.Tests.Api;

public sealed class UnwritableFolderTests
{
    [Fact]
    public async Task AnyRequest_FolderOfTheDatabaseCannotBeWritten_Returns503AndRecovers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test uses a folder of Linux.");
        using var folder = new TemporaryFolder();
        var parent = folder.File("parent");
        // Use a path below this folder, because not even root can create a folder in it.
        Directory.CreateSymbolicLink(parent, "/dev/pts");
        await using var app = await EdsApp.StartAsync(
            new() { ["Verifications:SqlitePath"] = Path.Combine(parent, "data", "verifications.db") });

        Assert.Equal("unhealthy", (await app.Api.GetAsync("health")).ShouldBe(503)["status"]);
        (await app.Api.GetAsync("verifications")).ShouldBeProblem(503, "store-unavailable");
        (await app.Api.SendAsync(A.Verification)).ShouldBeProblem(503, "store-unavailable");
        Assert.Contains(app.Log.GetSnapshot(), entry => entry.Exception?.InnerException is UnauthorizedAccessException);

        Directory.Delete(parent);
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
    }
}
