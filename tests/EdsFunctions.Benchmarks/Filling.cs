using System.Globalization;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Benchmarks;

/// <summary>Verifications to fill a store with: each has a CEN of its own, and its owner has an e-mail.</summary>
internal static class Filling
{
    /// <summary>So many at a time, for a store that writes together what waits.</summary>
    private const int Concurrency = 256;

    private static int number;

    /// <summary>One that waits since a time.</summary>
    public static Verification PendingSince(DateTimeOffset time)
    {
        var cen = string.Create(CultureInfo.InvariantCulture, $"cen-b{Interlocked.Increment(ref number):x8}");
        var target = new CenTarget("cn-hangzhou", cen, new AccountId(1234567890123456));
        return Verification.Begin(new SendCommand(target, "benchmark"), time)
            .Settle(1, new EcdOutcome.Accepted("29379236-1C52-404A-88DE-B554F818FA8E"), time);
    }

    /// <summary>Records some.</summary>
    /// <param name="store">Where.</param>
    /// <param name="count">How many.</param>
    /// <param name="make">Makes one, by its number.</param>
    public static Task FillAsync(IVerificationStore store, int count, Func<int, Verification> make) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
        async (i, cancellationToken) =>
        {
            var verification = make(i);
            while (await store.CreateAsync(verification, key: null, cancellationToken) is not WriteResult.Written)
            {
                // Of a million open ones some share their reference by chance.
                verification = verification with { Id = Guid.CreateVersion7(verification.CreatedAt) };
            }
        });
}
