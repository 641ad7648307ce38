using System.Reflection;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// The folder of the Functions app: the package in the folder <c>EDS_PACKAGE</c> or, if the variable is not set, the
/// build.
/// </summary>
internal static class AppPackage
{
    /// <summary>The configuration of this build, such as Debug.</summary>
    public static string Configuration { get; } =
        typeof(AppPackage).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public static string Project { get; } = Repository.Path("src", "EdsFunctions");

    public static string? Published { get; } =
        Environment.GetEnvironmentVariable("EDS_PACKAGE") is { Length: > 0 } package ? package : null;

    public static string Folder { get; } = Published ?? Path.Combine(Project, "bin", Configuration, "net10.0");
}
