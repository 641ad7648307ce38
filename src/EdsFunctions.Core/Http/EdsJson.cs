namespace EdsFunctions.Core.Http;

/// <summary>
/// How what we answer is written. Only written: what reading needs to know of each type costs the first request 30 ms.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Answer), GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(CenCheckView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(VerificationListView))]
[JsonSerializable(typeof(VerificationView))]
internal sealed partial class EdsJson : JsonSerializerContext;
