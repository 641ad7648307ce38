using System.Diagnostics;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>Starts this program once more, for what needs a process of its own.</summary>
internal static class ThisProgram
{
    /// <param name="args">What it is told.</param>
    public static ProcessStartInfo With(IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ThisProgram).Assembly.Location);
        }

        foreach (var argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
