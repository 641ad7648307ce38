namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// A request to the Elastic Desktop Service. Each operation of the service has a class in the folder <c>Operations</c>.
/// The class has Alibaba's name of the operation, and a constant with the RAM action that permits it.
/// </summary>
/// <typeparam name="T">The response of the operation.</typeparam>
/// <param name="name">The value of <c>x-acs-action</c>.</param>
/// <param name="regionId">The region to call.</param>
internal abstract class EcdOperation<T>(string name, string regionId)
    where T : EcdResponse
{
    public string Name => name;

    public string RegionId => regionId;

    /// <summary>Whether the client may repeat the request if the outcome of an attempt is unknown.</summary>
    public abstract bool IsIdempotent { get; }

    /// <summary>The maximum size of the response body.</summary>
    public virtual int MaxResponseBytes => 64 * 1024;

    /// <summary>
    /// Creates the query parameters, in any order. Each attempt needs a new array, because the signer sorts the array
    /// in place.
    /// </summary>
    public abstract Acs3Parameter[] CreateParameters();

    /// <summary>Reads the result of the operation from a response with status 200 and a request id.</summary>
    /// <returns>Null if the result of the operation is missing or malformed.</returns>
    public abstract T? Read(string requestId, JsonElement response);

    /// <summary>Creates an array with one parameter, or an empty array if the value is null.</summary>
    protected static Acs3Parameter[] Optional(string name, string? value) => value is null ? [] : [new(name, value)];
}

/// <summary>
/// The response of an operation without a result. The response of an operation with a result is a derived type.
/// </summary>
/// <param name="RequestId">Alibaba's id of the request.</param>
public record EcdResponse(string RequestId);
