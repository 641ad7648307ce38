using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>Someone asks for a code.</summary>
/// <param name="Target">Whose code.</param>
/// <param name="RequestedBy">Who asks, in the caller's words; comes back in reports.</param>
/// <param name="Note">What for; comes back in reports.</param>
public sealed record SendCommand(CenTarget Target, string? RequestedBy = null, string? Note = null);
