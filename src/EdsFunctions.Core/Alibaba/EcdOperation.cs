namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// A request to the Elastic Desktop Service. Each operation has a class in <c>Operations</c>, with the vendor's name
/// and a constant for the RAM action that allows it.
/// </summary>
/// <typeparam name="T">The response of the operation.</typeparam>
/// <param name="name">The name of the operation on the wire.</param>
/// <param name="regionId">The region that is called.</param>
internal abstract class EcdOperation<T>(string name, string regionId)
    where T : EcdResponse
{
    public string Name => name;

    public string RegionId => regionId;

    /// <summary>Whether the client may repeat it after an unknown outcome, since it changes nothing.</summary>
    public abstract bool MayRepeat { get; }

    /// <summary>A longer response is an error.</summary>
    public virtual int MaxResponseBytes => 64 * 1024;

    /// <summary>The query, in any order. A new array for each attempt, since the signer sorts it in place.</summary>
    public abstract Acs3Parameter[] CreateParameters();

    /// <summary>Reads a response with status 200 and a request id.</summary>
    /// <returns>Null if it is not a response of this operation.</returns>
    public abstract T? Read(string requestId, JsonElement response);

    /// <summary>A parameter that is left out if its value is null.</summary>
    protected static Acs3Parameter[] Optional(string name, string? value) => value is null ? [] : [new(name, value)];
}

/// <summary>The response of an operation; without a derived type it is the request id only.</summary>
/// <param name="RequestId">Alibaba's id of the request.</param>
public record EcdResponse(string RequestId);
