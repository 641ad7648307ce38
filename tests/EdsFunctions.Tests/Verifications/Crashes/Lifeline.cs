namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>
/// The life of one process: it counts the points between two steps, dies at the one that it is told, and does nothing more after.
/// </summary>
internal sealed class Lifeline(int diesAt = int.MaxValue)
{
    private int passed;

    /// <summary>How many points were passed alive.</summary>
    public int Passed => passed;

    public bool IsDead { get; private set; }

    public void Point()
    {
        if (IsDead || passed == diesAt)
        {
            IsDead = true;
            throw new ProcessDiedException();
        }

        passed++;
    }
}
