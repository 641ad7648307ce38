namespace EdsFunctions.EcdSimulator;

/// <summary>The access key that the simulator accepts, and its rules for codes.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The access key id. Default: <c>testid</c>.</summary>
    public string AccessKeyId { get; init; } = "testid";

    /// <summary>The access key secret. Default: <c>testsecret</c>.</summary>
    public string AccessKeySecret { get; init; } = "testsecret";

    /// <summary>
    /// The STS token that every request must have in <c>x-acs-security-token</c>. Default: none, and no request may
    /// have a token.
    /// </summary>
    public string? SecurityToken { get; init; }

    /// <summary>
    /// How long a code is valid. Default: 10 minutes. Alibaba does not document how long its codes are valid.
    /// </summary>
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The number of wrong codes after which the right code is rejected too, until a new code is sent; at least 1.
    /// Default: 5. Alibaba documents that there is a limit, but not the number.
    /// </summary>
    public int MaxWrongCodes { get; init; } = 5;

    /// <summary>
    /// Whether VerifyCen returns <c>CidrBlocks</c> as an array with one string, and that string is the JSON of all
    /// blocks. One of Alibaba's samples does this. Default: false.
    /// </summary>
    public bool CidrBlocksAsText { get; init; }

    /// <exception cref="ArgumentException">A value is invalid; the message names the setting.</exception>
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
