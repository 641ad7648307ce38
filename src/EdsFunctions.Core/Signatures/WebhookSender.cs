namespace EdsFunctions.Core.Signatures;

/// <summary>A kind of sender whose signed deliveries the webhook accepts.</summary>
/// <param name="Name">
/// The name. The list <c>Webhooks:{Name}Secrets</c> has the secrets; if it is empty, deliveries of this sender are
/// refused.
/// </param>
/// <param name="Schemes">The signature scheme, once for each set of header names.</param>
/// <param name="Keys">The keys of the configured secrets.</param>
public sealed record WebhookSender(string Name, IReadOnlyList<SignatureScheme> Schemes, SigningKeys Keys)
{
    public const string Section = "Webhooks";

    /// <summary>The section of the configuration that has the secrets.</summary>
    public string SecretsSection => GetSecretsSection(Name);

    internal static string GetSecretsSection(string name) => $"{Section}:{name}Secrets";

    internal bool HasSigned(IHeaderDictionary headers) => Schemes.Any(scheme => scheme.IsIn(headers));

    /// <summary>
    /// Verifies a delivery. If it has signatures under several header names, each must be valid, and all must cover the
    /// same ID.
    /// </summary>
    internal SignatureCheck Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!HasSigned(headers))
        {
            return Schemes[0].Verify(Keys, headers, body, now);
        }

        foreach (var scheme in Used(headers))
        {
            if (scheme.Verify(Keys, headers, body, now) is not SignatureCheck.Valid and var invalid)
            {
                return invalid;
            }
        }

        return Used(headers).Select(scheme => scheme.GetId(headers)).Distinct().Count() == 1
            ? SignatureCheck.Valid
            : SignatureCheck.Malformed;
    }

    /// <summary>Identifies a delivery by what its signature covers: the body, and the ID if that is signed.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="bodyHash">The hash of the body.</param>
    internal string IdentifyDelivery(IHeaderDictionary headers, string bodyHash) =>
        Used(headers).First().GetId(headers) is { } id
            ? $"webhook {Name.ToLowerInvariant()} {id} {bodyHash}"
            : $"webhook {Name.ToLowerInvariant()} {bodyHash}";

    private IEnumerable<SignatureScheme> Used(IHeaderDictionary headers) =>
        Schemes.Where(scheme => scheme.IsIn(headers));
}
