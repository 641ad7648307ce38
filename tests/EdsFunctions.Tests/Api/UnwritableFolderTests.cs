namespace EdsFunctions.Tests.Api;

public sealed class UnwritableFolderTests
{
    [Fact]
    public async Task AnyRequest_FolderOfTheDatabaseCannotBeWritten_Returns503AndRecovers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Permissions do not apply to root.");
        using var folder = new TemporaryFolder();
        await using var app = await EdsApp.StartAsync(
            new() { ["Verifications:SqlitePath"] = Path.Combine(folder.Path, "data", "verifications.db") });
        SetMode(UnixFileMode.None);

        Assert.Equal("unhealthy", (await app.Api.GetAsync("health")).ShouldBe(503)["status"]);
        (await app.Api.GetAsync("verifications")).ShouldBeProblem(503, "store-unavailable");
        (await app.Api.SendAsync(A.Verification)).ShouldBeProblem(503, "store-unavailable");
        Assert.Contains(app.Log.GetSnapshot(), entry => entry.Exception is UnauthorizedAccessException);

        SetMode(UnixFileMode.UserWrite);
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);

#pragma warning disable CA1416 // Skipped on Windows.
        void SetMode(UnixFileMode write) =>
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | write);
#pragma warning restore CA1416
    }
}
