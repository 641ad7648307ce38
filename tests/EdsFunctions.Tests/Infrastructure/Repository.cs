namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Paths of files of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "EdsFunctions.sln"))
            ? folder
            : Find(System.IO.Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("EdsFunctions.sln was not found above the test assembly."));
}
