using System.Globalization;
using EdsFunctions.Load;

// The maximum number of sends: the run compares all its e-mails, and the simulator keeps only the last 100,000.
const int MaxSends = 90_000;

var sends = int.Parse(args.ElementAtOrDefault(0) ?? "50000", CultureInfo.InvariantCulture);
var concurrency = int.Parse(args.ElementAtOrDefault(1) ?? "64", CultureInfo.InvariantCulture);
if (sends is < 1 or > MaxSends || concurrency < 1)
{
    await Console.Error.WriteLineAsync($"Arguments: [sends, at most {MaxSends}; 50000] [requests at a time; 64]");
    return 2;
}

var folder = Directory.CreateTempSubdirectory("eds-functions-load-");
var run = new LoadRun(sends, concurrency, folder.FullName);
await run.RunAsync();
if (run.Violations.Count > 0)
{
    Console.WriteLine($"{run.Violations.Count} violations; the database is in {folder.FullName}");
    run.Violations.Take(20).ToList().ForEach(violation => Console.WriteLine($"  {violation}"));
    return 1;
}

Console.WriteLine("Every request is accounted for.");
folder.Delete(recursive: true);
return 0;
