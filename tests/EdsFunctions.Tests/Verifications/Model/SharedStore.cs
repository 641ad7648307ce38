namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>A store that several instances share, and that is empty for each sequence.</summary>
internal abstract class SharedStore : IDisposable
{
    /// <summary>Whether it lists sends without an answer by id, and not by their time.</summary>
    public abstract bool OrphansById { get; }

    /// <summary>As each instance sees it, with nothing in it.</summary>
    public abstract IReadOnlyList<IVerificationStore> Fresh();

    public abstract void Dispose();
}
