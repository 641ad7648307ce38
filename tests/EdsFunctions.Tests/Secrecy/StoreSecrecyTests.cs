namespace EdsFunctions.Tests.Secrecy;

/// <summary>A store that fails says so in exceptions, and those go into the log whole.</summary>
[Collection(WatchedApp.OneAtATime)]
public sealed class StoreSecrecyTests
{
    private static readonly long Owner = WatchedApp.Owners[0];

    /// <summary>The event that says so of the answer to a request.</summary>
    private const int AnswerNotRemembered = 901;

    /// <summary>An error of SQLite's that no rule of the store expects.</summary>
    private const string Fails = "BEGIN SELECT abs(-9223372036854775807 - 1); END";

    /// <summary>Ways to lose the database, a part of it, or the sense of what is in it.</summary>
    private static Dictionary<string, string> Damages { get; } = new()
    {
        ["no table"] = "DROP TABLE verifications",
        ["no keys"] = "DROP TABLE idempotency_keys",
        ["no insert"] = $"CREATE TRIGGER broken BEFORE INSERT ON verifications {Fails}",
        ["no update"] = $"CREATE TRIGGER broken BEFORE UPDATE ON verifications {Fails}",
        ["no update of keys"] = $"CREATE TRIGGER broken BEFORE UPDATE ON idempotency_keys {Fails}",
        ["no delete of keys"] = $"CREATE TRIGGER broken BEFORE DELETE ON idempotency_keys {Fails}",
        ["lost races"] = "CREATE TRIGGER broken BEFORE UPDATE ON verifications BEGIN SELECT RAISE(ABORT, 'no'); END",
        ["not JSON"] = "UPDATE verifications SET document = replace(document, '{', '')",
        ["cut"] = "UPDATE verifications SET document = substr(document, 1, 160)",
        ["owner of another type"] =
            "UPDATE verifications SET document = replace(document, '\"value\":', '\"value\":{\"was\":1},\"x\":')",
        ["owner as a text"] = $"UPDATE verifications SET document = replace(document, '{Owner}', '\"{Owner}x\"')",
        ["owner too long"] = $"UPDATE verifications SET document = replace(document, '{Owner}', '{Owner}{Owner}')",
        ["owner as a CEN"] = $"UPDATE verifications SET document = replace(document, '\"cenId\":\"cen-', '\"cenId\":\"{Owner}')",
        ["owner as a region"] = $"UPDATE verifications SET document = replace(document, 'cn-hangzhou', '{Owner}-')",
        ["owner as a state"] = $"UPDATE verifications SET document = replace(document, '\"state\":\"', '\"state\":\"{Owner}')",
        ["owner as a date"] =
            $"UPDATE verifications SET document = replace(document, '\"createdAt\":\"', '\"createdAt\":\"{Owner}')",
        ["owner as an id"] = $"UPDATE verifications SET document = replace(document, '\"id\":\"', '\"id\":\"{Owner}')",
        ["an answer that is none"] = $"UPDATE idempotency_keys SET answer = '{Owner}'",
        ["an answer of another type"] = $"UPDATE idempotency_keys SET answer = '{{\"status\":\"{Owner}\"}}'",
        ["a key of nothing"] = "DELETE FROM verifications",
        ["owner as a verification"] = $"UPDATE idempotency_keys SET verification_id = '{Owner}'",
    };

    public static TheoryData<string> WaysToDamage => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(WaysToDamage))]
    public async Task A_database_that_is_damaged(string way)
    {
        await using var app = await WatchedApp.StartAsync();
        var (key, verification) = (app.FreshKey(), A.Verification.OwnedBy(Owner));
        var sent = (await app.Api.SendAsync(verification, key)).ShouldBe(201);
        app.Damage(Damages[way]);

        var statuses = new List<int>
        {
            (await app.Api.SendAsync(verification, key)).Status,
            (await app.Api.SendAsync(verification, app.FreshKey())).Status,
            (await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[1]), app.FreshKey())).Status,
            (await app.Api.GetAsync($"verifications/{sent.Id}")).Status,
            (await app.Api.GetAsync("verifications")).Status,
            (await app.Api.GetAsync("health")).Status,
        };
        app.Shift(TimeSpan.FromHours(1));
        statuses.Add((await app.Api.GetAsync("reports/stale")).Status);
        var reported = await app.RunReportAsync();
        statuses.Add((await app.Api.PostAsync($"verifications/{sent.Id}/complete", null)).Status);
        app.Shift(TimeSpan.FromDays(8));
        reported &= await app.RunReportAsync();

        Assert.True(!reported || statuses.Any(status => status >= 500) || app.Logged(AnswerNotRemembered), "Nobody noticed.");
        app.ShouldHaveShownNothing();
    }
}
