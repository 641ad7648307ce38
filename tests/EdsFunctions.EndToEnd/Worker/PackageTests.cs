using System.Reflection.PortableExecutable;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// Checks the package that is deployed: the output of <c>dotnet publish -c Release</c>, without more arguments.
/// </summary>
public sealed class PackageTests
{
    private readonly string folder = AppPackage.Published ?? "";

    public PackageTests()
    {
        if (AppPackage.Published is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "EDS_PACKAGE is not set.");
            Assert.Skip("EDS_PACKAGE is not set: publish the app into a folder, and name it.");
        }
    }

    [Fact]
    public void Files_Package_ContainsTheFunctionsButNoLocalSettings()
    {
        // The Functions host finds the functions of the app by this folder.
        Assert.True(Directory.Exists(Path.Combine(folder, ".azurefunctions")));
        Assert.True(File.Exists(Path.Combine(folder, "host.json")));
        Assert.False(File.Exists(Path.Combine(folder, "local.settings.json")));
    }

    [Fact]
    public void Natives_Package_AreThoseOfLinuxOnX64()
    {
        Assert.False(Directory.Exists(Path.Combine(folder, "runtimes")));
        Assert.Equal(["libe_sqlite3.so"], Directory.EnumerateFiles(folder, "*.so").Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("EdsFunctions.dll")]
    [InlineData("EdsFunctions.Core.dll")]
    [InlineData("Azure.Core.dll")]
    public void Assembly_Package_IsReadyToRunAndNeedsTheSharedFramework(string name)
    {
        using var reader = new PEReader(File.OpenRead(Path.Combine(folder, name)));

        Assert.NotEqual(0, reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
        Assert.False(File.Exists(Path.Combine(folder, "System.Private.CoreLib.dll")));
    }
}
