using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>Helpers for calls of a store that many tests make.</summary>
internal static class StoreExtensions
{
    /// <summary>
    /// Writes a verification: a new one for the current state of its target, or a change of an existing one.
    /// </summary>
    public static async Task<WriteResult> WriteAsync(
        this IVerificationStore store, Verification verification, IdempotencyEntry? key = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        var target = verification.Version is null ? await store.GetTargetAsync(verification.Target, cancel) : null;
        return await store.WriteAsync(new StoreWrite(verification, key, target));
    }

    public static async Task<Verification?> FindOpenAsync(this IVerificationStore store, CenTarget target) =>
        (await store.GetTargetAsync(target, TestContext.Current.CancellationToken)).Open;

    /// <summary>Lists verifications, without the unreadable records.</summary>
    public static async Task<IReadOnlyList<Verification>> ReadableAsync(
        this Task<IReadOnlyList<StoredVerification>> list) =>
        [.. (await list).Select(stored => Assert.IsType<Verification>(stored.Verification))];

    /// <summary>Reads records as the app does.</summary>
    public static RecordReader Records { get; } =
        new(
            new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(),
            NullLogger<RecordReader>.Instance);
}
