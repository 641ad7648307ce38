namespace EdsFunctions.EcdSimulator.Networks;

/// <summary>The routes of every CEN here. The same for all, so that a test knows what conflicts.</summary>
internal static class CenRoutes
{
    private static readonly CidrBlock[] PrivateAddresses =
    [
        new(192u << 24 | 168u << 16, 16),
        new(172u << 24 | 16u << 16, 12),
        new(10u << 24, 8),
    ];

    public static IReadOnlyList<CenRoute> All { get; } =
    [
        new(CidrBlock.Parse("10.0.0.0/12"), "vpc-uf62bu0xs5j8md54pabcd"),
        new(CidrBlock.Parse("172.16.0.0/16"), "vpc-bp1nd5n8mqtzr9xw2efgh"),
    ];

    /// <summary>Private blocks of a length that no route leads to. The real one picks at random; here they are the first.</summary>
    public static IEnumerable<CidrBlock> Free(int length) =>
        from range in PrivateAddresses
        from block in range.Split(length)
        where !All.Any(route => route.Destination.Overlaps(block))
        select block;
}
