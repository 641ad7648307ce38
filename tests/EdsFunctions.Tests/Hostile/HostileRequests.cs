namespace EdsFunctions.Tests.Hostile;

/// <summary>
/// The requests of a run: the seed decides over all of them, and the number over one, so that one can be made again by itself.
/// </summary>
/// <param name="seed">Of the run.</param>
/// <param name="known">A verification that is open: what is wrong with a request to close it has to be noticed.</param>
internal sealed class HostileRequests(int seed, Guid known)
{
    private static readonly (string Kind, int Weight, Func<Random, HostileRequest> Make)[] Others =
        [.. HostileHeaders.Kinds, .. HostileTargets.Kinds];

    private static readonly int AllWeights = HostileBodies.Kinds.Sum(kind => kind.Weight) + Others.Sum(kind => kind.Weight);

    /// <summary>Every kind that there is.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        [.. HostileBodies.Kinds.Select(kind => kind.Kind), .. Others.Select(kind => kind.Kind)];

    public HostileRequest Make(int number)
    {
        var random = new Random(unchecked((seed * 486187739) + (number * 16777619)));
        var at = random.Next(AllWeights);
        foreach (var (kind, weight, make) in HostileBodies.Kinds)
        {
            if ((at -= weight) < 0)
            {
                return HostileRequest.Post(kind, make(random), random.Next(12) switch
                {
                    0 => $"/api/verifications/{known}/complete",
                    1 => $"/api/verifications/{known}/cancel",
                    2 => "/api/chatops/slack",
                    3 => "/api/chatops/teams",
                    4 => "/api/chatops/dingtalk",
                    5 => "/api/webhooks/verifications",
                    _ => "/api/verifications",
                });
            }
        }

        return Others.First(kind => (at -= kind.Weight) < 0).Make(random);
    }
}
