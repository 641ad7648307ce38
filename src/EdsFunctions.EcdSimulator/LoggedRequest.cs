using System.Collections.ObjectModel;

namespace EdsFunctions.EcdSimulator;

/// <summary>One request as it came over the wire, and what became of it. What a request lacks is null.</summary>
public sealed record LoggedRequest
{
    /// <summary>The <c>x-acs-action</c> header.</summary>
    public required string? Action { get; init; }

    public required string Method { get; init; }

    /// <summary>The request target exactly as sent: <c>/?RegionId=cn-hangzhou&amp;…</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The CEN it is about, where that can be read.</summary>
    public required string? CenId { get; init; }

    /// <summary>The <c>x-acs-signature-nonce</c> header.</summary>
    public required string? Nonce { get; init; }

    /// <summary>The <c>x-acs-date</c> header, unparsed.</summary>
    public required string? Date { get; init; }

    /// <summary>By the simulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What the answer carries, or would have carried.</summary>
    public required string RequestId { get; init; }

    /// <summary><c>OK</c>, the error code of the answer, or the kind of fault that spoiled it, such as <c>hang</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>As received, names in any case. Not served over HTTP: a security token is among them.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
