using System.Text.Json;

namespace EdsFunctions.Load;

/// <summary>
/// Compares the requests of the load test with the verifications in DevHost and the e-mails in the simulator.
/// </summary>
internal static class Audit
{
    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler());

    public static async Task<IReadOnlyList<Email>> ListEmailsAsync(Uri simulator) =>
        (await GetAsync<Page<Email>>(new Uri(simulator, "_simulator/outbox"))).Items;

    /// <param name="devHost">The address of DevHost.</param>
    /// <param name="filter">Further query parameters, such as <c>state=sending</c>.</param>
    public static async Task<IReadOnlyList<ListedVerification>> ListVerificationsAsync(Uri devHost, string filter = "")
    {
        var all = new List<ListedVerification>();
        Guid? after = null;
        do
        {
            var url = $"api/verifications?limit=200{(after is null ? "" : $"&after={after}")}&{filter}";
            var page = await GetAsync<Page<ListedVerification>>(new Uri(devHost, url));
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        return all;
    }

    /// <returns>A line for each broken promise.</returns>
    public static IEnumerable<string> Compare(
        IEnumerable<Attempt> attempts, IEnumerable<ListedVerification> verifications, IEnumerable<Email> emails)
    {
        var attemptByCen = attempts.ToDictionary(attempt => attempt.CenId);
        var listed = verifications.ToLookup(verification => verification.CenId);
        var mailed = emails.ToLookup(email => email.CenId);
        return attemptByCen.Keys.Union(listed.Select(cen => cen.Key)).Union(mailed.Select(cen => cen.Key))
            .Select(cen => (
                CenId: cen,
                Violation: Compare(attemptByCen.GetValueOrDefault(cen), [.. listed[cen]], [.. mailed[cen]])))
            .Where(result => result.Violation is not null)
            .Select(result => $"{result.CenId}: {result.Violation}");
    }

    /// <returns>The broken promise for a CEN; null if there is none.</returns>
    private static string? Compare(
        Attempt? attempt, ListedVerification[] listed, Email[] emails) => (attempt, listed, emails) switch
        {
            (null, _, _) => "a verification or an e-mail without a request",
            (_, { Length: > 1 }, _) or (_, _, { Length: > 1 }) =>
                $"{listed.Length} verifications and {emails.Length} e-mails for one request",
            (_, [], [_]) or ({ Status: Attempt.Created }, [], _) =>
                $"no verification for {attempt.Result} with {emails.Length} e-mails",
            (_, [], []) => null,
            // When DevHost shuts down, it still responds to every request that it has recorded.
            ({ Status: null }, _, _) => $"{listed[0].State}, but {attempt.Result}",
            ({ Status: Attempt.Created }, [var one], _)
                when (attempt.Id, "pending", attempt.RequestId) != (one.Id, one.State, one.RequestId) =>
                $"201 for {attempt.Id}, but listed as {one}",
            (_, [{ State: "pending", RequestId: var id }], [var email]) when email.RequestId == id => null,
            (_, [{ State: "unknown" }], _) or (_, [{ State: "failed" }], []) => null,
            _ => $"{listed[0].State} with {emails.Length} e-mails",
        };

    private static async Task<T> GetAsync<T>(Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await Http.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<T>(await response.Content.ReadAsStringAsync(), JsonSerializerOptions.Web)!;
    }
}
