namespace EdsFunctions.EcdSimulator;

/// <summary>The options of the simulator: the access key that it accepts, and its rules for codes.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The id of the access key that the simulator accepts. Default: <c>testid</c>.</summary>
    public string AccessKeyId { get; init; } = "testid";

    /// <summary>The secret of the access key that the simulator accepts. Default: <c>testsecret</c>.</summary>
    public string AccessKeySecret { get; init; } = "testsecret";

    /// <summary>
    /// The STS token that every request must have in the header <c>x-acs-security-token</c>. Without this setting, no
    /// request may have a token. Default: none.
    /// </summary>
    public string? SecurityToken { get; init; }

    /// <summary>
    /// How long a code of the simulator is valid. Default: 10 minutes. Alibaba does not document how long its codes are
    /// valid.
    /// </summary>
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The number of wrong codes after which the simulator rejects the right code too, until a new code is sent; at
    /// least 1. Default: 5. Alibaba documents that there is a limit, but not the number.
    /// </summary>
    public int MaxWrongCodes { get; init; } = 5;

    /// <summary>
    /// Whether VerifyCen returns <c>CidrBlocks</c> as an array with one string, which is the JSON of all blocks, as in
    /// one of Alibaba's samples. Default: false.
    /// </summary>
    public bool CidrBlocksAsText { get; init; }

    /// <exception cref="ArgumentException">A value is invalid. The message names the setting.</exception>
    internal void Validate()
    {
        RequireNonEmpty(AccessKeyId, nameof(AccessKeyId));
        RequireNonEmpty(AccessKeySecret, nameof(AccessKeySecret));
        if (SecurityToken is not null)
            RequireNonEmpty(SecurityToken, nameof(SecurityToken));
        if (CodeLifetime <= TimeSpan.Zero)
            throw new ArgumentException($"Simulator:{nameof(CodeLifetime)} must be positive.");
        // .NET's binder reads 24:00:00 as 24 days.
        if (CodeLifetime > TimeSpan.FromDays(1))
            throw new ArgumentException($"Simulator:{nameof(CodeLifetime)} must be at most a day, 1.00:00:00.");
        if (MaxWrongCodes < 1)
            throw new ArgumentException($"Simulator:{nameof(MaxWrongCodes)} must be at least 1.");
    }

    private static void RequireNonEmpty(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"Simulator:{name} must not be empty.");
    }
}
