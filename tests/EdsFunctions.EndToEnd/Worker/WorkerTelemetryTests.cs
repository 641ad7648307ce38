namespace EdsFunctions.Tests.EndToEnd;

/// <summary>The worker exports its telemetry before the timer's invocation ends.</summary>
public sealed class WorkerTelemetryTests(Azurite azurite)
{
    [Fact]
    public async Task RunTimer_Collector_HasEachSignalWhenTheInvocationEnds()
    {
        await using var alibaba = await LoopbackSimulator.StartAsync();
        await using var collector = RawHttpServer.Start(RawHttpReply.Create(200, "application/x-protobuf", ""));
        var settings = RunningWorker.Settings(await azurite.OwnConnectionStringAsync(), alibaba.Url);
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString();
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        await using var host = await FunctionsHost.StartAsync(settings);
        (await new ApiClient(host.Url, FunctionsHost.Key).SendAsync(A.Verification)).ShouldBe(201);

        await host.RunTimerAsync();

        Assert.All(
            [
                ("/v1/metrics", "eds.report.runs"),
                ("/v1/traces", "stale report"),
                ("/v1/logs", "Stale verifications: 1"),
            ],
            ((string Path, string Content) signal) => Assert.Contains(
                collector.Requests,
                request => request.Line.Contains(signal.Path, StringComparison.Ordinal)
                    && request.Body.Contains(signal.Content, StringComparison.Ordinal)));
    }
}
