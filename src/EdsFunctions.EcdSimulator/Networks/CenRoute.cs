namespace EdsFunctions.EcdSimulator.Networks;

/// <summary>What a CEN reaches already.</summary>
/// <param name="Destination">The addresses behind it, which no office network may use as well.</param>
/// <param name="NextHopInstanceId">The network that has them.</param>
internal sealed record CenRoute(CidrBlock Destination, string NextHopInstanceId);
