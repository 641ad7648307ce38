using System.Globalization;

namespace EdsFunctions.Load;

/// <summary>How much load.</summary>
/// <param name="Sends">How many codes are asked for.</param>
/// <param name="Concurrency">How many at a time.</param>
internal sealed record LoadOptions(int Sends = 50_000, int Concurrency = 64)
{
    /// <summary>The simulator keeps the last 100,000 e-mails, and every one of them is to be accounted for.</summary>
    private const int MaxSends = 90_000;

    private const int MaxConcurrency = 1_000;

    public static string Usage =>
        $"Arguments: [sends, 1 to {MaxSends}; default 50000] [how many at a time, 1 to {MaxConcurrency}; default 64]";

    /// <summary>From the command line; null where that cannot be read.</summary>
    public static LoadOptions? Parse(string[] args)
    {
        var defaults = new LoadOptions();
        return args.Length <= 2
            && Number(args.ElementAtOrDefault(0), defaults.Sends, MaxSends) is { } sends
            && Number(args.ElementAtOrDefault(1), defaults.Concurrency, MaxConcurrency) is { } concurrency
                ? new LoadOptions(sends, concurrency)
                : null;
    }

    private static int? Number(string? text, int otherwise, int max) => text is null
        ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? number
            : null;
}
