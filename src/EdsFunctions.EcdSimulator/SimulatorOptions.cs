namespace EdsFunctions.EcdSimulator;

/// <summary>The one credential the simulator accepts, and its rules for codes.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Sent in the clear by the caller, as <c>Credential=</c>.</summary>
    public string AccessKeyId { get; init; } = "testid";

    /// <summary>Never sent; both sides sign with it.</summary>
    public string AccessKeySecret { get; init; } = "testsecret";

    /// <summary>If set, every call must carry it in <c>x-acs-security-token</c>; if not, none may.</summary>
    public string? SecurityToken { get; init; }

    /// <summary>How long a code is good. Alibaba documents no number; 10 minutes is the simulator's own.</summary>
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After so many wrong codes even the right one is refused until another is sent. Alibaba documents that there is a
    /// limit, and no number.
    /// </summary>
    public int MaxWrongCodes { get; init; } = 5;

    /// <summary>
    /// VerifyCen's <c>CidrBlocks</c> as in one of its documented samples: one string, which holds the array as JSON.
    /// </summary>
    public bool CidrBlocksAsText { get; init; }

    /// <exception cref="ArgumentException">A value is unusable; the message names its configuration key.</exception>
    internal void Validate()
    {
        RefuseEmpty(AccessKeyId, nameof(AccessKeyId));
        RefuseEmpty(AccessKeySecret, nameof(AccessKeySecret));
        if (SecurityToken is not null)
            RefuseEmpty(SecurityToken, nameof(SecurityToken));
        if (CodeLifetime <= TimeSpan.Zero)
            throw new ArgumentException($"Simulator:{nameof(CodeLifetime)} must be more than nothing.");
        if (MaxWrongCodes < 1)
            throw new ArgumentException($"Simulator:{nameof(MaxWrongCodes)} must be at least 1.");
    }

    private static void RefuseEmpty(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"Simulator:{name} must not be empty.");
    }
}
