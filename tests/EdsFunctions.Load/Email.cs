namespace EdsFunctions.Load;

/// <summary>An e-mail that the simulator "sent".</summary>
/// <param name="CenId">For which CEN.</param>
/// <param name="RequestId">Of the answer that said so.</param>
internal sealed record Email(string CenId, string RequestId);
