using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using EdsFunctions.Benchmarks.Macro;
using EdsFunctions.Benchmarks.Micro;

// The words of a macro run; whatever else is said is for BenchmarkDotNet, such as --filter '*Signing*'.
return args switch
{
    ["send", ..] => await MacroRun.RunAsync(args, options => new ClientCall(options.Target)),
    ["floor", ..] => await MacroRun.RunAsync(args, options => new FloorCall(options.Target)),
    ["app", ..] => await MacroRun.RunAsync(args, options => new AppCall(options.Target)),
    ["compare", ..] => await Comparison.RunAsync(args),
    ["start", ..] => await StartRun.RunAsync(args),
    ["report", ..] => await ReportRun.RunAsync(args),
    [ReportRun.FillWord, _, _, _] => await ReportRun.FillAsync(args),
    _ => RunMicro(args),
};

static int RunMicro(string[] args)
{
    var types = typeof(MacroRun).Assembly.GetTypes()
        .Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(BenchmarkAttribute))));
    if (Environment.GetEnvironmentVariable(TableStaleQueryBenchmarks.ConnectionString) is null or "")
    {
        Console.WriteLine($"Azure Tables are left out: {TableStaleQueryBenchmarks.ConnectionString} holds no connection string.");
        types = types.Where(type => type != typeof(TableStaleQueryBenchmarks));
    }

    BenchmarkSwitcher.FromTypes([.. types]).Run(args);
    return 0;
}
