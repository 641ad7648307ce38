using System.Text.Json.Serialization;

namespace EdsFunctions.Tests.Builders;

/// <summary>Entry point of the builders.</summary>
internal static class A
{
    private static int number;

    /// <summary>A request for a code for a unique CEN.</summary>
    public static VerificationBuilder Verification => new VerificationBuilder().ForCen(FreshCen());

    /// <summary>A unique owner, so that tests do not share the limit of e-mails to one owner.</summary>
    public static long FreshOwner() => 1_000_000_000_000_000 + (uint)Guid.NewGuid().GetHashCode();

    public static string FreshCen() => string.Create(
        CultureInfo.InvariantCulture, $"cen-t{Interlocked.Increment(ref number)}x{Guid.NewGuid().ToString("N")[..10]}");
}

/// <summary>Builds a request for a code as JSON, as a request or as a record.</summary>
internal sealed record VerificationBuilder
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public const long DefaultOwner = 1234567890123456;

    private static readonly JsonSerializerOptions WithoutNulls =
        new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private string Region { get; init; } = "cn-hangzhou";

    private string Cen { get; init; } = "cen-3weq30r6t0s7t4abcd";

    private long? Owner { get; init; } = DefaultOwner;

    private string? RequestedBy { get; init; }

    private string? Note { get; init; }

    public VerificationBuilder InRegion(string region) => this with { Region = region };

    public VerificationBuilder ForCen(string cen) => this with { Cen = cen };

    public VerificationBuilder OwnedBy(long? owner) => this with { Owner = owner };

    public VerificationBuilder By(string requestedBy, string? note = null) =>
        this with { RequestedBy = requestedBy, Note = note };

    public string CenId => Cen;

    public long? OwnerId => Owner;

    public CenTarget Target() => new(Region, Cen, Owner is { } owner ? new AccountId(owner) : null);

    public SendVerification.Request Request() => new(Target(), RequestedBy, Note);

    public Verification Record(DateTimeOffset? at = null) =>
        Core.Verifications.Verification.Begin(Request(), at ?? Noon);

    /// <summary>The request as JSON.</summary>
    public string Json() => JsonSerializer.Serialize(
        new { regionId = Region, cenId = Cen, cenOwnerId = Owner, requestedBy = RequestedBy, note = Note },
        WithoutNulls);
}

internal static class VerificationExtensions
{
    /// <summary>A request with the target only.</summary>
    public static SendVerification.Request Request(this Verification verification) => new(verification.Target);

    /// <summary>The idempotency key of a request without a function key.</summary>
    public static IdempotencyKey HttpKey(this SendVerification.Request request, string key)
    {
        var httpRequest = new DefaultHttpContext().Request;
        httpRequest.Headers["Idempotency-Key"] = key;
        return IdempotencyKey.Create(IdempotencyKeyHeader.Read(httpRequest, new FieldErrors())!, request);
    }

    extension(IdempotencyEntry)
    {
        /// <summary>The entry that is recorded with a send.</summary>
        public static IdempotencyEntry Create(IdempotencyKey key, Verification sending) =>
            new(key, sending.Id, sending.SendCount, sending.SendStartedAt);
    }
}
