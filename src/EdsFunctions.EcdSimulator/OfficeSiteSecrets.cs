namespace EdsFunctions.EcdSimulator;

/// <summary>
/// The real DescribeOfficeSites returns passwords and keys, which no caller here has any use for. The stand-in returns
/// these in their place, so that a test can look for them wherever they must not show up.
/// </summary>
public static class OfficeSiteSecrets
{
    /// <summary>Is part of all of them, and of nothing else.</summary>
    public const string Mark = "secret-of-the-office-site";

    public const string DomainPassword = Mark + ":DomainPassword";

    public const string TrustPassword = Mark + ":TrustPassword";

    public const string ClientSecret = Mark + ":ClientSecret";

    public const string TrustKey = Mark + ":TrustKey";
}
