using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>Serializes responses.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndpointResult))]
[JsonSerializable(typeof(CenCheckView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(VerificationListView))]
[JsonSerializable(typeof(VerificationView))]
internal sealed partial class EdsJson : JsonSerializerContext;
