using EdsFunctions.Tests.Infrastructure;

namespace EdsFunctions.Tests.Hosts;

/// <summary>The sources of the Functions app, which these tests read since its packages are not served everywhere.</summary>
internal static class FunctionsAppSources
{
    public static string Folder { get; } = Repository.Path("src", "EdsFunctions");

    /// <summary>Text by path, relative to the folder of the app.</summary>
    public static IReadOnlyDictionary<string, string> Read() =>
        Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path))
            .Where(path => path.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .ToDictionary(path => path, path => File.ReadAllText(Path.Combine(Folder, path)));

    /// <summary>The same with a change to one file, to see that a test would notice.</summary>
    public static IReadOnlyDictionary<string, string> ReadWith(string file, string from, string to)
    {
        var sources = new Dictionary<string, string>(Read());
        Assert.Contains(from, sources[file], StringComparison.Ordinal);
        sources[file] = sources[file].Replace(from, to, StringComparison.Ordinal);
        return sources;
    }
}
