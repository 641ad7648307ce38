using BenchmarkDotNet.Running;
using EdsFunctions.Benchmarks;

const string Usage = """
    Arguments: client|bare --url URL [--count 10000] [--concurrency 32]    one call to Alibaba
               compare --url URL [--count 10000] [--concurrency 32]        client and bare in turns
               app --url URL [--count 10000] [--concurrency 32]            POST verifications
               start [--runs 10]                                           DevHost, from its start to its first 201
               signing                                                     with BenchmarkDotNet
    """;

switch (args)
{
    case ["client", .. var options]:
        await CallRun.RunAsync(options, url => new ClientCall(url));
        return 0;
    case ["bare", .. var options]:
        await CallRun.RunAsync(options, url => new BareCall(url));
        return 0;
    case ["app", .. var options]:
        await CallRun.RunAsync(options, url => new AppCall(url));
        return 0;
    case ["compare", .. var options]:
        await CompareRun.RunAsync(options);
        return 0;
    case ["start", .. var options]:
        await StartRun.RunAsync(options);
        return 0;
    case ["signing", .. var options]:
        BenchmarkRunner.Run<SigningBenchmarks>(args: options);
        return 0;
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}
