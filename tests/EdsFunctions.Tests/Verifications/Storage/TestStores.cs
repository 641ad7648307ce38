namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>The store of a test; each instance of the app opens it.</summary>
public abstract class TestStores : IAsyncLifetime
{
    /// <summary>The clock of the machine and of the table's server.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public abstract ValueTask DisposeAsync();

    /// <param name="around">
    /// Receives each call of the store, or each request to its service; makes it, or throws.
    /// </param>
    internal abstract IVerificationStore Open(Func<string, Func<Task>, Task>? around = null);

    /// <summary>Empties the store.</summary>
    internal abstract void Clear();
}

/// <summary>Tests of any store; one class per store inherits them.</summary>
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
