using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>
/// The life of one process: it crashes at the chosen point before or after a call, and does nothing more after.
/// </summary>
internal sealed class Lifeline(int crashesAt = int.MaxValue)
{
    private int passed;

    public bool IsDead { get; private set; }

    /// <summary>A call of the store, with a point before and after it.</summary>
    public async Task AroundAsync(Func<Task> call)
    {
        Point();
        await call();
        Point();
    }

    /// <summary>A store with points around each of its calls.</summary>
    public StoreDecorator Around(IVerificationStore store) => new(store, (_, call) => AroundAsync(call));

    private void Point()
    {
        if (IsDead || passed == crashesAt)
        {
            IsDead = true;
            throw new CrashException();
        }

        passed++;
    }
}

/// <summary>Stands for the crash of a process: nothing behind it happens.</summary>
internal sealed class CrashException() : Exception("The process crashed here.");
