namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>The store of a test. Each instance of the app in the test opens the same store.</summary>
public abstract class TestStores : IAsyncLifetime
{
    /// <summary>The clock of the machine and of the table's server.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public abstract ValueTask DisposeAsync();

    /// <param name="around">
    /// Called for each call of the store, or for each request to its service. Makes the call, or throws.
    /// </param>
    internal abstract IVerificationStore Open(Func<string, Func<Task>, Task>? around = null);

    /// <summary>Empties the store.</summary>
    internal abstract void Clear();
}

/// <summary>The base class of tests that run on every store. Each store has a class that derives from them.</summary>
public abstract class StoresTest(TestStores stores) : IAsyncLifetime
{
    private protected TestStores Stores => stores;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The clock of the machine and of the table's server.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    public virtual ValueTask InitializeAsync() => stores.InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }
}
