using System.Globalization;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>What stands behind the word of a run that asks for numbers alone, such as <c>--runs 10</c>.</summary>
internal static class NumberArguments
{
    /// <param name="args">The word, and pairs of a name and a number of at least 1.</param>
    /// <param name="known">The names, each with what it is where nobody says otherwise.</param>
    /// <returns>The numbers in the order of the names; null where the command line cannot be read.</returns>
    public static int[]? Parse(IReadOnlyList<string> args, params (string Name, int Default)[] known)
    {
        var numbers = Array.ConvertAll(known, one => one.Default);
        for (var i = 1; i < args.Count; i += 2)
        {
            var index = Array.FindIndex(known, one => one.Name == args[i]);
            if (index < 0
                || !int.TryParse(args.ElementAtOrDefault(i + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number is < 1 or > 10_000_000)
            {
                return null;
            }

            numbers[index] = number;
        }

        return numbers;
    }
}
