namespace EdsFunctions.EcdSimulator;

/// <summary>The one credential the simulator accepts. The defaults are good for nothing but a simulator.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Sent in the clear by the caller, as <c>Credential=</c>.</summary>
    public string AccessKeyId { get; init; } = "testid";

    /// <summary>Never sent; both sides sign with it.</summary>
    public string AccessKeySecret { get; init; } = "testsecret";

    /// <summary>With it, every call must carry it in <c>x-acs-security-token</c>; without it, none may carry one.</summary>
    public string? SecurityToken { get; init; }

    /// <exception cref="ArgumentException">A value is empty; the message names its configuration key.</exception>
    internal void Validate()
    {
        RefuseEmpty(AccessKeyId, nameof(AccessKeyId));
        RefuseEmpty(AccessKeySecret, nameof(AccessKeySecret));
        if (SecurityToken is not null)
            RefuseEmpty(SecurityToken, nameof(SecurityToken));
    }

    private static void RefuseEmpty(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"Simulator:{name} must not be empty.");
    }
}
