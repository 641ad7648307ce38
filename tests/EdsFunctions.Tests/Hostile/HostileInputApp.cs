using EdsFunctions.Tests.Api;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Hostile;

/// <summary>
/// The app that all tests of hostile input share. Every endpoint is configured, and one verification is open.
/// </summary>
public sealed class HostileInputApp : IAsyncLifetime
{
    private string before = "";

    internal EdsApp App { get; private set; } = null!;

    internal Guid KnownId { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Webhooks:GitHubSecrets:0"] = WebhookTests.GitHubSecret,
            ["ChatOps:DefaultRegion"] = "cn-hangzhou",
        };
        foreach (var (key, value) in FakeChatPlatform.All.Values.SelectMany(platform => platform.Settings))
        {
            settings[key] = value;
        }

        App = await EdsApp.StartAsync(settings);
        var known = (await App.Api.SendAsync(A.Verification)).ShouldBe(201);
        KnownId = known.Id;
        before = (await App.Api.GetAsync(KnownId)).Text;
    }

    /// <summary>Asserts that a response is a problem that repeats nothing confidential.</summary>
    internal static void ShouldBeRefused(ApiResponse response)
    {
        Assert.InRange(response.Status, 400, 499);
        if (response is { Status: 404 or 405, Text: "" })
        {
            // No route of the app matches, so the response comes from the host.
            return;
        }

        Assert.Equal("application/problem+json; charset=utf-8", response.Header("Content-Type"));
        Assert.StartsWith(Problems.TypePrefix, response["type"], StringComparison.Ordinal);
        Assert.Equal($"{response.Status}", response["status"]);
        Assert.DoesNotContain(HostileBodies.Owner, response.Text, StringComparison.Ordinal);
        // A small request must not cause a large response.
        Assert.InRange(response.Text.Length, 1, 16 * 1024);
    }

    /// <summary>Asserts that nothing was recorded, sent or logged as an error.</summary>
    internal async Task ShouldBeUnchangedAsync()
    {
        Assert.Single(await App.RecordsAsync());
        Assert.Single(App.Alibaba.Requests.Items);
        Assert.Equal(before, (await App.Api.GetAsync(KnownId)).Text);
        Assert.DoesNotContain(App.Log.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
