namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// A request to the Elastic Desktop Service. Each operation has a class in <c>Operations</c>, named as Alibaba names
/// it, with the RAM action as a constant.
/// </summary>
/// <typeparam name="T">The response of the operation.</typeparam>
/// <param name="name">The value of <c>x-acs-action</c>.</param>
/// <param name="regionId">The region to call.</param>
internal abstract class EcdOperation<T>(string name, string regionId)
    where T : EcdResponse
{
    public string Name => name;

    public string RegionId => regionId;

    /// <summary>Whether the client may retry after an unknown outcome.</summary>
    public abstract bool IsIdempotent { get; }

    /// <summary>The maximum size of the response body.</summary>
    public virtual int MaxResponseBytes => 64 * 1024;

    /// <summary>
    /// Creates the query, in any order. Each attempt needs a new array: the signer sorts it in place.
    /// </summary>
    public abstract Acs3Parameter[] CreateParameters();

    /// <summary>Reads a response with status 200 and a request id.</summary>
    /// <returns>Null if the result of the operation is missing or malformed.</returns>
    public abstract T? Read(string requestId, JsonElement response);

    /// <summary>A parameter, or none if the value is null.</summary>
    protected static Acs3Parameter[] Optional(string name, string? value) => value is null ? [] : [new(name, value)];
}

/// <summary>The response of an operation. Operations with a result derive from it.</summary>
/// <param name="RequestId">Alibaba's id of the request.</param>
public record EcdResponse(string RequestId);
