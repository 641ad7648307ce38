namespace EdsFunctions.Core.Signatures;

/// <summary>A kind of webhook sender, such as GitHub, whose signed deliveries the app accepts.</summary>
/// <param name="Name">
/// The name of the kind. The secrets are in the list <c>Webhooks:{Name}Secrets</c>. If the list is empty, the app
/// rejects the deliveries of this kind.
/// </param>
/// <param name="Schemes">The variants of the signature scheme, with different header names.</param>
/// <param name="Keys">The keys of the configured secrets.</param>
public sealed record WebhookSender(string Name, IReadOnlyList<SignatureScheme> Schemes, SigningKeys Keys)
{
    public const string Section = "Webhooks";

    /// <summary>The section of the configuration that has the secrets of this kind of sender.</summary>
    public string SecretsSection => GetSecretsSection(Name);

    internal static string GetSecretsSection(string name) => $"{Section}:{name}Secrets";

    internal bool HasSignature(IHeaderDictionary headers) => Schemes.Any(scheme => scheme.IsPresent(headers));

    /// <summary>
    /// Verifies the signature of a delivery. If a delivery has signatures under several header names, each must be
    /// valid, and all must cover the same ID.
    /// </summary>
    internal SignatureCheck Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!HasSignature(headers))
        {
            return Schemes[0].Verify(Keys, headers, body, now);
        }

        foreach (var scheme in FindSchemes(headers))
        {
            if (scheme.Verify(Keys, headers, body, now) is not SignatureCheck.Valid and var invalid)
            {
                return invalid;
            }
        }

        return FindSchemes(headers).Select(scheme => scheme.GetId(headers)).Distinct().Count() == 1
            ? SignatureCheck.Valid
            : SignatureCheck.Malformed;
    }

    /// <summary>
    /// Returns the identity of a delivery, so that a repeat is recognized. Made from what the signature covers: the
    /// body and, in some schemes, an ID.
    /// </summary>
    /// <param name="headers">The headers.</param>
    /// <param name="bodyHash">The hash of the body.</param>
    internal string IdentifyDelivery(IHeaderDictionary headers, string bodyHash) =>
        FindSchemes(headers).First().GetId(headers) is { } id
            ? $"webhook {Name.ToLowerInvariant()} {id} {bodyHash}"
            : $"webhook {Name.ToLowerInvariant()} {bodyHash}";

    private IEnumerable<SignatureScheme> FindSchemes(IHeaderDictionary headers) =>
        Schemes.Where(scheme => scheme.IsPresent(headers));
}
