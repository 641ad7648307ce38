namespace EdsFunctions.Core.Http;

/// <summary>Ends a request with a problem; <see cref="EndpointGuard"/> makes it the response.</summary>
internal sealed class ProblemException(Answer problem) : Exception
{
    public Answer Problem => problem;
}
