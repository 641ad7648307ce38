using CsCheck;
using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Webhooks;

namespace EdsFunctions.Tests.Hostile;

/// <summary>Whatever is sent, the app refuses it with a problem, changes nothing and sends nothing.</summary>
public sealed class HostileInputTests(HostileInputApp fixture) : IClassFixture<HostileInputApp>
{
    private const string Webhook = "webhooks/verifications";
    private const string Owner = HostileBodies.Owner;

    private EdsApp App => fixture.App;

    [Theory]
    [InlineData("verifications")]
    [InlineData("verifications/{id}/complete")]
    [InlineData("verifications/{id}/cancel")]
    [InlineData("verifications/{id}/check")]
    [InlineData("verifications/{id}/attach")]
    [InlineData(Webhook)]
    [InlineData("chatops/slack")]
    [InlineData("chatops/teams")]
    [InlineData("chatops/dingtalk")]
    public async Task No_hostile_body_is_accepted(string route)
    {
        await HostileBodies.All.SampleAsync(
            async body => HostileInputApp.ShouldBeRefused(await PostSignedAsync(route, body)),
            iter: 100,
            print: body => $"{Encoding.Latin1.GetString(body)}");

        await fixture.ShouldBeUnchangedAsync();
    }

    /// <summary>As much as fits into 64 KiB is wrong.</summary>
    [Theory]
    [InlineData("verifications", "\"{0}\":1")]
    [InlineData("verifications", "\"note\":{0}")]
    [InlineData("verifications/{id}/cancel", "\"x{0}\":{}")]
    public async Task A_body_with_thousands_of_errors_gets_a_short_response(string route, string field)
    {
        var fields = Enumerable.Range(0, 4000).Select(i => field.Replace("{0}", $"{i}", StringComparison.Ordinal));
        var body = Encoding.UTF8.GetBytes($"{{{string.Join(',', fields)}}}");

        HostileInputApp.ShouldBeRefused(await PostSignedAsync(route, body));
    }

    /// <summary>Rows of method, path with query, and a header.</summary>
    public static TheoryData<string, string, string> ApiRequests => [.. new[]
    {
        ("GET", "verifications/00000000-0000-0000-0000-000000000000", ""),
        ("GET", "verifications/{id}'--", ""),
        ("GET", $"verifications/{Owner}", ""),
        ("GET", "verifications/..%2f..%2fhealth", ""),
        ("GET", $"nothing/{Owner}/%e2%80%ae%ff<script>", ""),
        ("POST", "verifications/{id}/nothing", ""),
        ("DELETE", "verifications/{id}", ""),
        ("PUT", "verifications/{id}/complete", ""),
        ("PROPFIND", "verifications", ""),
        ("GET", $"verifications?{Owner}=1", ""),
        ("GET", $"{Owner}/verifications?x={Owner}", ""),
        ("GET", $"verifications?cenOwnerId={Owner}", ""),
        ("GET", $"verifications?regionId={Owner}", ""),
        ("GET", $"verifications?after={Owner}", ""),
        ("GET", $"verifications?olderThan={Owner}", ""),
        ("GET", $"verifications?state={Owner}", ""),
        ("GET", "verifications?=1", ""),
        ("GET", "verifications?state[]=open", ""),
        ("GET", "verifications?regionId=a&RegionId=b", ""),
        ("GET", $"verifications?limit={Owner}{Owner}", ""),
        ("POST", "verifications", $"Content-Type: x/{Owner}"),
        ("POST", "verifications", "Content-Type: application/jsonx"),
        ("POST", "verifications", "Content-Type: application/json, text/plain"),
        ("POST", "verifications", "Content-Encoding: gzip"),
        ("POST", "verifications", "Content-Encoding: identity"),
        ("POST", "verifications", "Idempotency-Key: two words"),
        ("POST", "verifications", "Idempotency-Key: one, two"),
        ("POST", "verifications", "Idempotency-Key: a\tb"),
        ("POST", "verifications", "Idempotency-Key:"),
    }.Select(row => new TheoryDataRow<string, string, string>(row.Item1, row.Item2, row.Item3))];

    [Theory]
    [MemberData(nameof(ApiRequests))]
    public async Task The_HTTP_API_refuses(string method, string path, string header)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), At(path));
        if (method == "POST")
        {
            request.Content = new StringContent(A.Verification.Json(), Encoding.UTF8, "application/json");
        }

        if (header.Split(':', 2) is [var name, var value])
        {
            request.Content!.Headers.Remove("Content-Type");
            Assert.True(request.Headers.TryAddWithoutValidation(name, value.Trim())
                || request.Content.Headers.TryAddWithoutValidation(name, value.Trim()));
            if (name != "Content-Type")
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            }
        }

        HostileInputApp.ShouldBeRefused(await App.Api.SendAsync(request));
        await fixture.ShouldBeUnchangedAsync();
    }

    private Uri At(string route) =>
        new(App.Api.BaseUrl, $"/api/{route.Replace("{id}", $"{fixture.KnownId}", StringComparison.Ordinal)}");

    /// <summary>Posts a body, signed where the interface wants a signature, so that it is read.</summary>
    private async Task<ApiResponse> PostSignedAsync(string route, byte[] body)
    {
        var platform = FakeChatPlatform.All.Values.FirstOrDefault(platform => platform.Route == route);
        var request = platform is not null
            ? platform.Sign(new ChatRequest("application/json", body), platform.Secret, App.Time.GetUtcNow())
            : route == Webhook ? WebhookTests.GitHub(body) : new ChatRequest("application/json", body);
        return await request.SendAsync(App.Api.BaseUrl, At(route).AbsolutePath["/api/".Length..]);
    }
}
