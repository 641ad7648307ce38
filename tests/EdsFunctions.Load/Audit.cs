using System.Text.Json;

namespace EdsFunctions.Load;

/// <summary>Compares the requests with the verifications of DevHost and the e-mails of the simulator.</summary>
internal static class Audit
{
    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler());

    public static async Task<IReadOnlyList<Email>> ListEmailsAsync(Uri simulator) =>
        (await GetAsync<Page<Email>>(new Uri(simulator, "_simulator/outbox"))).Items;

    /// <param name="devHost">Its address.</param>
    /// <param name="filter">Such as <c>state=sending</c>.</param>
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
        var attemptOf = attempts.ToDictionary(attempt => attempt.CenId);
        var listed = verifications.ToLookup(verification => verification.CenId);
        var mailed = emails.ToLookup(email => email.CenId);
        foreach (var cen in mailed.Where(cen => cen.Count() > 1))
        {
            yield return $"{cen.Key}: {cen.Count()} e-mails for one request";
        }

        foreach (var cen in mailed.Where(cen => !listed.Contains(cen.Key)))
        {
            yield return $"{cen.Key}: an e-mail without a verification";
        }

        foreach (var cen in attemptOf.Values.Where(one => one.Status == Attempt.Created && !listed.Contains(one.CenId)))
        {
            yield return $"{cen.CenId}: 201 without a verification";
        }

        foreach (var cen in listed)
        {
            var found = !attemptOf.TryGetValue(cen.Key, out var attempt) ? [$"{cen.Key}: a verification without a request"]
                : cen.Count() > 1 ? [$"{cen.Key}: {cen.Count()} verifications"]
                : Compare(attempt, cen.Single(), [.. mailed[cen.Key]]);
            foreach (var violation in found)
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<string> Compare(Attempt attempt, ListedVerification verification, Email[] emails)
    {
        // DevHost ends only after it has answered what it recorded.
        if (attempt.Status is null)
        {
            yield return $"{attempt.CenId}: {verification.State}, but {attempt.Result}";
        }

        var said = (attempt.Id, "pending", attempt.RequestId);
        if (attempt.Status == Attempt.Created && said != (verification.Id, verification.State, verification.RequestId))
        {
            yield return $"{attempt.CenId}: 201 for {attempt.Id}, but listed as {verification}";
        }

        var consistent = verification.State switch
        {
            "pending" => emails is [var email] && email.RequestId == verification.RequestId,
            "unknown" => true,
            "failed" => emails is [],
            _ => false,
        };
        if (!consistent)
        {
            yield return $"{attempt.CenId}: {verification.State} with {emails.Length} e-mails";
        }
    }

    private static async Task<T> GetAsync<T>(Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await Http.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<T>(await response.Content.ReadAsStringAsync(), JsonSerializerOptions.Web)!;
    }
}
