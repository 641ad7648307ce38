using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>The control: what does show on a way out is found there, by the same search, in each of its spellings.</summary>
[Collection(WatchedApp.OneAtATime)]
public sealed class SecrecyControlTests
{
    private const string Marker = "mARK/er+Of-The-Control.Test~4T7=";

    private static readonly Confidential Marked = new Confidential().Add("marker", Marker);

    /// <summary>Ways to let something out, and the channel on which it has to be found.</summary>
    private static Dictionary<string, (Channel Channel, Action<IServiceProvider> Leak)> Leaks { get; } = new()
    {
        ["text of a log entry"] = (Channel.Log, services => Say(services, Marker)),
        ["value of a log entry"] = (Channel.Log, services => Log(services, Values("hidden", Marker))),
        ["name of a value"] = (Channel.Log, services => Log(services, Values(Marker, "hidden"))),
        ["list in a log entry"] = (Channel.Log, services => Log(services, Values("hidden", new[] { Marker }))),
        ["exception of a log entry"] = (Channel.Log, services => Log(
            services, "", new InvalidOperationException("outer", new InvalidOperationException(Marker)))),
        ["data of an exception"] = (Channel.Log, services => Log(
            services, "", new InvalidOperationException { Data = { ["hidden"] = Marker } })),
        ["scope of a log entry"] = (Channel.Log, services => LogInScope(services, Values("hidden", Marker))),
        ["text of a scope"] = (Channel.Log, services => LogInScope(services, Marker)),
        ["log entry of a framework"] = (Channel.Log, services => Say(services, Marker, "Microsoft.AspNetCore.Hosting")),
        ["tag of a counter"] = (Channel.Metric, _ => Measure(meter => meter.CreateCounter<long>("c").Add(1, Tag))),
        ["tag of a histogram"] = (Channel.Metric, _ => Measure(meter => meter.CreateHistogram<double>("h").Record(1, Tag))),
        ["tag of an up-down counter"] = (Channel.Metric, _ => Measure(meter => meter.CreateUpDownCounter<int>("u").Add(1, Tag))),
        ["tag of an activity"] = (Channel.Activity, _ => Act(activity => activity.SetTag("hidden", Marker))),
        ["name of an activity"] = (Channel.Activity, _ => Act(activity => activity.DisplayName = Marker)),
        ["status of an activity"] = (
            Channel.Activity, _ => Act(activity => activity.SetStatus(ActivityStatusCode.Error, Marker))),
        ["baggage of an activity"] = (Channel.Activity, _ => Act(activity => activity.AddBaggage("hidden", Marker))),
        ["exception in an activity"] = (
            Channel.Activity, _ => Act(activity => activity.AddException(new InvalidOperationException(Marker)))),
        ["exception of ours"] = (Channel.Exception, _ => Throw(new CredentialsUnavailableException(Marker))),
    };

    private static KeyValuePair<string, object?> Tag => new("hidden", Marker);

    public static TheoryData<string> WaysToLeak => [.. Leaks.Keys];

    [Theory]
    [MemberData(nameof(WaysToLeak))]
    public async Task What_leaks_is_found(string way)
    {
        await using var app = await WatchedApp.StartAsync();
        Assert.False(app.Shows(Leaks[way].Channel, Marked));

        Leaks[way].Leak(app.Services);

        Assert.True(app.Shows(Leaks[way].Channel, Marked));
    }

    [Fact]
    public async Task What_is_answered_is_found_in_body_and_headers()
    {
        await using var app = await WatchedApp.StartAsync();
        var sent = await app.Api.SendAsync(A.Verification.By(Marker));

        Assert.True(app.Shows(Channel.Response, Marked));
        var header = new Confidential().Add("header", $"Location: /api/verifications/{sent.Id}");
        Assert.True(app.Shows(Channel.Response, header));
        Assert.True(app.Shows(Channel.Log, new Confidential().Add("id", sent.Id.ToString())));
        Assert.True(app.Shows(Channel.Activity, new Confidential().Add("route", "verifications")));
    }

    [Fact]
    public async Task What_a_gauge_is_tagged_with_is_found()
    {
        await using var app = await WatchedApp.StartAsync();
        using var meter = new Meter("control");
        meter.CreateObservableGauge("g", () => new Measurement<long>(1, Tag));

        Assert.True(app.Shows(Channel.Metric, Marked));
    }

    [Fact]
    public async Task What_our_own_code_throws_is_found_whatever_its_type()
    {
        await using var app = await WatchedApp.StartAsync();

        Assert.Throws<ArgumentException>(() => A.Verification.InRegion("Not a region").Target());

        Assert.True(app.Shows(Channel.Exception, new Confidential().Add("text", "The region is malformed.")));
    }

    [Fact]
    public async Task What_is_on_record_is_found_in_the_database()
    {
        await using var app = await WatchedApp.StartAsync();
        Assert.False(app.DatabaseHoldsOwners());

        await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[0]).By(Marker));

        Assert.True(app.DatabaseHoldsOwners());
        Assert.True(app.DatabaseHolds(Marked));
    }

    [Fact]
    public async Task A_code_is_found_where_it_stands_alone_and_not_in_a_longer_number()
    {
        await using var app = await WatchedApp.StartAsync();
        var code = new Confidential().AddNumber("code", "120457");

        Say(app.Services, "9120457 1204570 a120457 0.120457 120457f");
        Assert.False(app.Shows(Channel.Log, code));

        Say(app.Services, "the code is '120457'.");
        Assert.True(app.Shows(Channel.Log, code));
    }

    [Theory]
    [InlineData("as it is: mARK/er+Of-The-Control.Test~4T7=.")]
    [InlineData("/?x=mARK%2Fer%2BOf-The-Control.Test~4T7%3D")]
    [InlineData("{\"x\":\"mARK/er\\u002BOf-The-Control.Test~4T7=\"}")]
    [InlineData("Basic bUFSSy9lcitPZi1UaGUtQ29udHJvbC5UZXN0fjRUNz0=")]
    [InlineData("mARK/er+Of-The-Con...")]
    [InlineData("...trol.Test~4T7=")]
    public void Every_spelling_is_recognised(string text) => Assert.True(Marked.IsIn(text, out _));

    [Fact]
    public void A_masked_owner_is_none_and_one_without_its_end_is()
    {
        var owner = new Confidential().AddOwner(8231764509128345);

        Assert.False(owner.IsIn("************8345", out _));
        Assert.True(owner.IsIn("8231764509128345", out _));
        Assert.True(owner.IsIn("823176450912****", out _));
    }

    private static List<KeyValuePair<string, object?>> Values(string name, object value) => [new(name, value)];

    private static ILogger Logger(IServiceProvider services, string category = "control") =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    private static void Say(IServiceProvider services, string text, string category = "control") =>
        Logger(services, category).Log(LogLevel.Trace, 0, "", null, (_, _) => text);

    private static void Log<TState>(IServiceProvider services, TState state, Exception? exception = null) =>
        Logger(services).Log(LogLevel.Trace, 0, state, exception, (_, _) => "nothing");

    private static void LogInScope<TState>(IServiceProvider services, TState scope)
        where TState : notnull
    {
        using (Logger(services).BeginScope(scope))
        {
            Say(services, "nothing");
        }
    }

    private static void Measure(Action<Meter> measure)
    {
        using var meter = new Meter("control");
        measure(meter);
    }

    private static void Act(Action<Activity> act)
    {
        using var source = new ActivitySource("control");
        using var activity = source.StartActivity("control");
        act(activity!);
    }

    private static void Throw(Exception exception) => Assert.Throws(exception.GetType(), void () => throw exception);
}
