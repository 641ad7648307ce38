namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>One store of a test, which is opened as often as there are processes.</summary>
public abstract class TestStores : IAsyncLifetime
{
    /// <summary>The clock of the machine, and of the table's server.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public abstract ValueTask DisposeAsync();

    /// <param name="around">Makes each call of the store, or each request to its service, or throws.</param>
    internal abstract IVerificationStore Open(Func<string, Func<Task>, Task>? around = null);

    /// <summary>Removes everything from the store.</summary>
    internal abstract void Clear();
}

/// <summary>Tests that run on each store: one class per store has them all.</summary>
public abstract class StoresTest(TestStores stores) : IAsyncLifetime
{
    private protected TestStores Stores => stores;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The clock of the machine, and of the table's server.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    public virtual ValueTask InitializeAsync() => stores.InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }
}
