using CsCheck;
using EdsFunctions.Tests.Api;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Hostile;

/// <summary>The app rejects hostile input with a problem, and changes and sends nothing.</summary>
public sealed class HostileInputTests(HostileInputApp fixture) : IClassFixture<HostileInputApp>
{
    private const string Webhook = "webhooks/verifications";
    private const string Owner = HostileBodies.Owner;

    public static TheoryData<string> Routes =>
    [
        "verifications",
        "verifications/{id}/complete",
        "verifications/{id}/cancel",
        "verifications/{id}/check",
        "verifications/{id}/attach",
        Webhook,
        .. FakeChatPlatform.All.Values.Select(platform => platform.Route),
    ];

    private EdsApp App => fixture.App;

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Post_HostileBody_IsRefused(string route)
    {
        await HostileBodies.All.SampleAsync(
            async body => HostileInputApp.ShouldBeRefused(await PostSignedAsync(route, body)),
            iter: 100,
            print: body => $"{Encoding.Latin1.GetString(body)}");

        await fixture.ShouldBeUnchangedAsync();
    }

    /// <summary>The request body has as many errors as fit into 64 KiB.</summary>
    [Theory]
    [InlineData("verifications", "\"{0}\":1")]
    [InlineData("verifications", "\"note\":{0}")]
    [InlineData("verifications/{id}/cancel", "\"x{0}\":{}")]
    public async Task Post_ThousandsOfErrors_GetsAShortResponse(string route, string field)
    {
        var fields = Enumerable.Range(0, 4000).Select(i => field.Replace("{0}", $"{i}", StringComparison.Ordinal));
        var body = Encoding.UTF8.GetBytes($"{{{string.Join(',', fields)}}}");

        HostileInputApp.ShouldBeRefused(await PostSignedAsync(route, body));
    }

    [Theory]
    [InlineData(
        "GET", "verifications/00000000-0000-0000-0000-000000000000", "verifications/{id}'--", $"verifications/{Owner}")]
    [InlineData("GET", "verifications/..%2f..%2fhealth", $"nothing/{Owner}/%e2%80%ae%ff<script>")]
    [InlineData("POST", "verifications/{id}/nothing")]
    [InlineData("DELETE", "verifications/{id}")]
    [InlineData("PUT", "verifications/{id}/complete")]
    [InlineData("PROPFIND", "verifications")]
    [InlineData("GET", $"verifications?{Owner}=1", $"{Owner}/verifications?x={Owner}", "verifications?=1")]
    [InlineData(
        "GET", $"verifications?cenOwnerId={Owner}", $"verifications?regionId={Owner}", $"verifications?after={Owner}")]
    [InlineData(
        "GET",
        $"verifications?olderThan={Owner}",
        $"verifications?state={Owner}",
        $"verifications?limit={Owner}{Owner}")]
    [InlineData("GET", "verifications?state[]=open", "verifications?regionId=a&RegionId=b")]
    public async Task Request_HostilePathOrQuery_IsRefused(string method, params string[] paths)
    {
        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), At(path));
            HostileInputApp.ShouldBeRefused(await App.Api.SendAsync(request));
        }

        await fixture.ShouldBeUnchangedAsync();
    }

    [Theory]
    [InlineData("Content-Type", $"x/{Owner}", "application/jsonx", "application/json, text/plain")]
    [InlineData("Content-Encoding", "gzip", "identity, gzip", Owner)]
    [InlineData("Idempotency-Key", "two words", "one, two", "a\tb", "")]
    public async Task Post_HostileHeader_IsRefused(string name, params string[] values)
    {
        foreach (var value in values)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, At("verifications"));
            request.Content = new StringContent(A.Verification.Json(), Encoding.UTF8, "application/json");
            request.Content.Headers.Remove(name);
            Assert.True(
                request.Headers.TryAddWithoutValidation(name, value)
                || request.Content.Headers.TryAddWithoutValidation(name, value));
            HostileInputApp.ShouldBeRefused(await App.Api.SendAsync(request));
        }

        await fixture.ShouldBeUnchangedAsync();
    }

    private Uri At(string route) =>
        new(App.Api.BaseUrl, $"/api/{route.Replace("{id}", $"{fixture.KnownId}", StringComparison.Ordinal)}");

    /// <summary>
    /// Posts a body. Signs it if the endpoint requires a signature, because otherwise the app would not parse it.
    /// </summary>
    private async Task<ApiResponse> PostSignedAsync(string route, byte[] body)
    {
        var platform = FakeChatPlatform.All.Values.FirstOrDefault(platform => platform.Route == route);
        var request = platform is not null
            ? platform.Sign(new ChatRequest("application/json", body), platform.Secret, App.Time.GetUtcNow())
            : route == Webhook ? WebhookTests.GitHub(body) : new ChatRequest("application/json", body);
        return await request.SendAsync(App.Api.BaseUrl, At(route).AbsolutePath["/api/".Length..]);
    }
}
