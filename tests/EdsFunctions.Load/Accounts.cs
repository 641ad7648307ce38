namespace EdsFunctions.Load;

/// <summary>Holds what was asked for, what is on record and what was e-mailed against each other.</summary>
internal static class Accounts
{
    /// <returns>What does not add up, a line each; nothing where all is well.</returns>
    public static IEnumerable<string> Violations(
        IEnumerable<Attempt> attempts, IEnumerable<OnRecord> verifications, IEnumerable<Email> emails)
    {
        var asked = attempts.ToDictionary(attempt => attempt.CenId);
        var recorded = verifications.ToLookup(verification => verification.CenId);
        var mailed = emails.ToLookup(email => email.CenId);

        foreach (var cen in mailed)
        {
            if (cen.Count() > 1)
            {
                yield return $"{cen.Key}: one request led to {cen.Count()} e-mails";
            }

            if (!recorded.Contains(cen.Key))
            {
                yield return $"{cen.Key}: an e-mail went out, and no verification is on record";
            }
        }

        foreach (var cen in recorded)
        {
            if (!asked.TryGetValue(cen.Key, out var attempt))
            {
                yield return $"{cen.Key}: on record, and nobody asked for it";
                continue;
            }

            if (cen.Count() > 1)
            {
                yield return $"{cen.Key}: {cen.Count()} verifications are on record";
            }

            // None that was recorded may be dropped: while DevHost lives it can answer, and it ends only when it has.
            if (attempt.Status is null)
            {
                yield return $"{cen.Key}: on record as {cen.First().State}, and its request got no answer ({attempt.Failure})";
            }

            foreach (var violation in cen.SelectMany(verification => Violations(verification, attempt, [.. mailed[cen.Key]])))
            {
                yield return violation;
            }
        }

        foreach (var attempt in asked.Values.Where(attempt => attempt.Status == Attempt.Created && !recorded.Contains(attempt.CenId)))
        {
            yield return $"{attempt.CenId}: answered 201, and not on record";
        }
    }

    private static IEnumerable<string> Violations(OnRecord verification, Attempt attempt, Email[] emails)
    {
        if (attempt.Status == Attempt.Created)
        {
            if (verification.Id != attempt.Id || verification.State != "pending" || verification.RequestId != attempt.RequestId)
            {
                yield return $"{verification.CenId}: answered 201 as {attempt.Id}, and on record as {verification}";
            }
        }

        var right = verification.State switch
        {
            "pending" => emails is [var email] && email.RequestId == verification.RequestId,
            "unknown" => true,
            "failed" => emails is [],
            _ => false,
        };
        if (!right)
        {
            yield return $"{verification.CenId}: {verification.State}, with {emails.Length} e-mails";
        }
    }
}
