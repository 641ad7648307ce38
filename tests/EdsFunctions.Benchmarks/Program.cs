using BenchmarkDotNet.Running;
using EdsFunctions.Benchmarks.Macro;

// The words of a macro run; whatever else is said is for BenchmarkDotNet, such as --filter '*Signing*'.
return args switch
{
    ["send", ..] => await MacroRun.RunAsync(args, options => new ClientCall(options.Target)),
    ["floor", ..] => await MacroRun.RunAsync(args, options => new FloorCall(options.Target)),
    ["app", ..] => await MacroRun.RunAsync(args, options => new AppCall(options.Target)),
    ["compare", ..] => await Comparison.RunAsync(args),
    ["start", ..] => await StartRun.RunAsync(args),
    _ => RunMicro(args),
};

static int RunMicro(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(MacroRun).Assembly).Run(args);
    return 0;
}
