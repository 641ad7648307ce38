using System.Globalization;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>What a macro run is to do.</summary>
/// <param name="Target">Where the calls go.</param>
/// <param name="Count">How many are measured.</param>
/// <param name="Concurrency">How many at a time.</param>
internal sealed record MacroOptions(Uri Target, int Count, int Concurrency)
{
    public const string Usage = """
        Arguments: send|floor|compare --endpoint URL [--count 10000] [--concurrency 32]
                   app --base-url URL [--count 10000] [--concurrency 32]
                   start [--runs 10]
                   report [--open 1000000] [--stale 10000]
                   anything else is for BenchmarkDotNet, such as --filter '*'
        """;

    /// <summary>From the command line, behind the word; null where that cannot be read.</summary>
    public static MacroOptions? Parse(IReadOnlyList<string> args)
    {
        var options = new MacroOptions(new Uri("about:blank"), Count: 10_000, Concurrency: 32);
        for (var i = 1; i < args.Count; i += 2)
        {
            var value = args.ElementAtOrDefault(i + 1);
            var next = args[i] switch
            {
                "--endpoint" or "--base-url" when Uri.TryCreate(value, UriKind.Absolute, out var target) => options with { Target = target },
                "--count" when Number(value) is { } count => options with { Count = count },
                "--concurrency" when Number(value) is { } concurrency => options with { Concurrency = concurrency },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options.Target.Scheme is "http" or "https" ? options : null;
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1_000_000 ? number : null;
}
