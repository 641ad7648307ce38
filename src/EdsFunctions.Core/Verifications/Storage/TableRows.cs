using System.Security.Cryptography;
using Azure.Data.Tables;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// The rows of the table. In the partition <c>open</c>: <c>v-{id}</c> for a verification, <c>k-{hash}</c> for the target and <c>r-{ref}</c> for
/// the reference that it holds, <c>i-{hash}</c> for an idempotency key, and <c>s-{name}</c> for a note. In a partition <c>closed-{yyyyMM}</c>, by the month of creation: <c>{id}</c>.
/// </summary>
internal static class TableRows
{
    public const string Open = "open";
    public const string ClosedPrefix = "closed-";
    public const string VerificationPrefix = "v-";
    public const string KeyPrefix = "i-";
    public const string RefPrefix = "r-";

    public const string State = nameof(State);
    public const string RegionId = nameof(RegionId);
    public const string WaitingSince = nameof(WaitingSince);
    public const string SendStartedAt = nameof(SendStartedAt);
    public const string CreatedAt = nameof(CreatedAt);
    public const string Answer = nameof(Answer);
    public const string Value = nameof(Value);

    /// <summary>Tells one write of a row from every other.</summary>
    public const string WriteId = nameof(WriteId);

    private const string TargetPrefix = "k-";
    private const string NotePrefix = "s-";
    private const string Document = nameof(Document);
    private const string VerificationId = nameof(VerificationId);
    private const string Send = nameof(Send);
    private const string Fingerprint = nameof(Fingerprint);

    public static string VerificationRow(Guid id) => $"{VerificationPrefix}{id}";

    public static string KeyRow(string hash) => $"{KeyPrefix}{hash}";

    public static string NoteRow(string name) => $"{NotePrefix}{name}";

    /// <summary>A hash, since a row key is short and readable to whoever lists the table.</summary>
    public static string TargetRow(CenTarget target) => TargetPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{target.RegionId}/{target.CenId}/{target.CenOwnerId?.Value}"))));

    /// <summary>Null for an id that cannot be one of ours.</summary>
    public static string? ClosedPartition(Guid id) => VerificationIds.TimeOf(id) is { } created
        ? string.Create(CultureInfo.InvariantCulture, $"{ClosedPrefix}{created.UtcDateTime:yyyyMM}")
        : null;

    public static TableEntity OfVerification(Verification verification) => Fill(new(Open, VerificationRow(verification.Id)), verification);

    public static TableEntity OfClosed(Verification verification) =>
        Fill(new(ClosedPartition(verification.Id)!, verification.Id.ToString()), verification);

    public static TableEntity OfTarget(Verification verification) => Holder(TargetRow(verification.Target), verification);

    public static TableEntity OfRef(Verification verification) => Holder(RefPrefix + verification.Ref, verification);

    public static bool IsRef(ITableEntity row) => row.RowKey.StartsWith(RefPrefix, StringComparison.Ordinal);

    public static TableEntity OfKey(IdempotencyEntry entry) => new(Open, KeyRow(entry.Key.Hash))
    {
        [Fingerprint] = entry.Key.Fingerprint,
        [VerificationId] = entry.VerificationId,
        [Send] = entry.Send,
        [CreatedAt] = entry.CreatedAt.ToUnixTimeMilliseconds(),
    };

    public static TableEntity OfNote(string name, string value) => new(Open, NoteRow(name)) { [Value] = value };

    public static Verification ToVerification(TableEntity entity) =>
        VerificationJson.Read(entity.GetString(Document), entity.ETag.ToString());

    /// <summary>The verification that holds a target or a reference.</summary>
    public static Guid HeldBy(TableEntity holder) => holder.GetGuid(VerificationId)!.Value;

    public static IdempotencyEntry ToKey(string hash, TableEntity entity) => new(
        new IdempotencyKey(hash, entity.GetString(Fingerprint)),
        entity.GetGuid(VerificationId)!.Value,
        entity.GetInt32(Send)!.Value,
        DateTimeOffset.FromUnixTimeMilliseconds(entity.GetInt64(CreatedAt)!.Value),
        entity.GetString(Answer));

    private static TableEntity Holder(string row, Verification verification) => new(Open, row) { [VerificationId] = verification.Id };

    private static TableEntity Fill(TableEntity entity, Verification verification)
    {
        entity[State] = verification.State.Name();
        entity[RegionId] = verification.Target.RegionId;
        entity[WaitingSince] = verification.WaitingSince.ToUnixTimeMilliseconds();
        entity[SendStartedAt] = verification.SendStartedAt.ToUnixTimeMilliseconds();
        entity[WriteId] = Guid.NewGuid();
        entity[Document] = VerificationJson.Write(verification);
        return entity;
    }
}
