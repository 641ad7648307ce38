using EdsFunctions.DevHost;
using Microsoft.Extensions.Logging.Console;

namespace EdsFunctions.Tests.Hosts;

/// <summary>What is logged reaches the console whole, in order, soon, and in few writes.</summary>
public sealed class ConsoleLogTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly RecordedConsole console = new();
    private readonly ServiceProvider formats = new ServiceCollection()
        .AddLogging(logging => logging.AddSimpleConsole(simple => simple.SingleLine = true))
        .BuildServiceProvider();

    private readonly ConsoleLog log;
    private readonly ILogger logger;

    public ConsoleLogTests()
    {
        log = new ConsoleLog(
            formats.GetServices<ConsoleFormatter>().Single(format => format.Name == ConsoleFormatterNames.Simple),
            console,
            Encoding.UTF8,
            time);
        logger = log.CreateLogger("Category");
    }

    [Fact]
    public void Lines_of_one_moment_go_out_in_one_write()
    {
        Say(1, "one");
        Say(2, "二", exception: new InvalidDataException("no"));
        Assert.Empty(console.Writes);

        time.Advance(TimeSpan.FromMilliseconds(10));

        var write = Assert.Single(console.Writes);
        Assert.Equal(["info: Category[1] one", "info: Category[2] 二 System.IO.InvalidDataException: no"], Lines(write));
    }

    [Theory]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "fail")]
    [InlineData(LogLevel.Critical, "crit")]
    public void A_warning_is_out_before_whoever_logs_it_goes_on(LogLevel level, string name)
    {
        Say(1, "one");
        Say(2, "two", level);

        Assert.Equal(["info: Category[1] one", $"{name}: Category[2] two"], Lines(Assert.Single(console.Writes)));
    }

    [Fact]
    public void What_comes_later_goes_out_later()
    {
        Say(1, "one");
        time.Advance(TimeSpan.FromMilliseconds(10));
        time.Advance(TimeSpan.FromMinutes(1));
        Say(2, "two");
        Assert.Single(console.Writes);

        time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(["info: Category[2] two"], Lines(console.Writes[1]));
    }

    [Fact]
    public void What_is_left_at_the_end_goes_out()
    {
        Say(1, "one");

        log.Dispose();

        Assert.Equal(["info: Category[1] one"], Lines(Assert.Single(console.Writes)));
    }

    [Fact]
    public void Where_much_waits_whoever_logs_writes()
    {
        var megabyte = new string('x', 1 << 20);

        Say(1, megabyte);

        Assert.Equal([$"info: Category[1] {megabyte}"], Lines(Assert.Single(console.Writes)));
    }

    [Fact]
    public async Task Lines_of_many_threads_stay_whole_and_none_is_lost()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            () =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    Say(thread, $"{i}");
                    if (i % 100 == 0)
                    {
                        time.Advance(TimeSpan.FromMilliseconds(10));
                    }
                }
            },
            TestContext.Current.CancellationToken)));
        log.Dispose();

        var lines = Lines(string.Concat(console.Writes)).ToLookup(line => line.Split(' ')[1], line => line.Split(' ')[2]);
        Assert.Equal(8, lines.Count);
        Assert.All(lines, thread => Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), thread));
    }

    [Fact]
    public void A_console_that_is_gone_stops_nobody()
    {
        console.Gone = true;
        Say(1, "one");

        time.Advance(TimeSpan.FromMilliseconds(10));

        console.Gone = false;
        Say(2, "two");
        log.Dispose();
        Assert.Equal(["info: Category[2] two"], Lines(Assert.Single(console.Writes)));
    }

    public void Dispose()
    {
        log.Dispose();
        formats.Dispose();
        console.Dispose();
    }

    private void Say(int eventId, string text, LogLevel level = LogLevel.Information, Exception? exception = null) =>
        logger.Log(level, eventId, text, exception, static (state, _) => state);

    private static string[] Lines(string written) => written.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A console that keeps what is written to it.</summary>
    private sealed class RecordedConsole : MemoryStream
    {
        public List<string> Writes { get; } = [];

        public bool Gone { get; set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Gone)
            {
                throw new IOException("There is no console.");
            }

            if (buffer.Length > 0)
            {
                Writes.Add(Encoding.UTF8.GetString(buffer));
            }
        }
    }
}
