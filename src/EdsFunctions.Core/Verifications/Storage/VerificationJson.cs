using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Serializes verifications for the store. The stored form is JSON, so that a new field needs no new column.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Verification))]
internal sealed partial class VerificationJson : JsonSerializerContext
{
    public static string Write(Verification verification) =>
        JsonSerializer.Serialize(verification, Default.Verification);

    /// <exception cref="UnreadableRecordException">
    /// The record was written by a newer version of the app, or is corrupt.
    /// </exception>
    public static Verification Read(Guid id, string? json, string version)
    {
        try
        {
            return JsonSerializer.Deserialize(json ?? "null", Default.Verification) is { } verification
                && verification.Id == id
                ? verification with { Version = version, WasClosed = !verification.IsOpen }
                : throw new JsonException($"The record of verification {id} is null, or has another id.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            throw new UnreadableRecordException(id, e);
        }
    }
}

/// <summary>
/// Reads records for list queries. If this version of the app cannot read a record, the list has only its id, and the
/// record is logged and counted.
/// </summary>
internal sealed partial class RecordReader(IMeterFactory meters, ILogger<RecordReader> logger)
{
    private readonly Counter<long> unreadable = meters.Create(EdsTelemetry.MeterName)
        .CreateCounter<long>("eds.verifications.unreadable", "{read}", "Reads of records that the app cannot read.");

    public StoredVerification Read(Guid id, string? json, string version)
    {
        try
        {
            return new StoredVerification(id, VerificationJson.Read(id, json, version));
        }
        catch (UnreadableRecordException e)
        {
            unreadable.Add(1);
            RecordUnreadable(id, e.InnerException!.GetType().Name);
            return new StoredVerification(id, null);
        }
    }

    [LoggerMessage(108, LogLevel.Error,
        "The record of verification {VerificationId} is unreadable ({Failure}): " +
        "it was written by a newer version of the app, or is corrupt. Deploy the newer version")]
    private partial void RecordUnreadable(Guid verificationId, string failure);
}
