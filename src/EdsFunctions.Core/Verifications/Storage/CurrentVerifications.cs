namespace EdsFunctions.Core.Verifications;

/// <summary>Reads all current verifications: open ones, and those that failed lately.</summary>
internal static class CurrentVerifications
{
    private const int PageSize = 200;

    /// <summary>
    /// Reads all current verifications, page by page. Leaves out records that this version of the app cannot read.
    /// </summary>
    public static async Task<IReadOnlyList<Verification>> ReadCurrentAsync(
        this IVerificationStore store, CancellationToken cancellationToken) =>
    [
        .. (await store.ListAllCurrentAsync(cancellationToken))
            .Select(stored => stored.Verification).OfType<Verification>(),
    ];

    public static async Task<IReadOnlyList<StoredVerification>> ListAllCurrentAsync(
        this IVerificationStore store, CancellationToken cancellationToken)
    {
        var current = new List<StoredVerification>();
        IReadOnlyList<StoredVerification> page;
        do
        {
            page = await store.ListCurrentAsync(current.Count > 0 ? current[^1].Id : null, PageSize, cancellationToken);
            current.AddRange(page);
        }
        while (page.Count == PageSize);

        return current;
    }
}
