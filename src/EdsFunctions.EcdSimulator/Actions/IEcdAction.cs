using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>One operation of the API. Whatever holds for every operation is checked before it is asked.</summary>
internal interface IEcdAction
{
    /// <summary>The value of <c>x-acs-action</c>.</summary>
    string Name { get; }

    /// <summary>Judges the parameters and does nothing yet, so that a fault can come between asking and doing.</summary>
    /// <returns>Does the work and gives the body of the answer, but for the RequestId.
    /// The work may refuse as well, by what it finds: it then counts as done.</returns>
    /// <exception cref="EcdRefusal">A parameter is missing or wrong in itself.</exception>
    Func<JsonObject> Prepare(EcdCall call);
}
