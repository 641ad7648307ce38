using System.Reflection;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A store with a hook around each call, in which a test can throw or wait.</summary>
internal class StoreDecorator : DispatchProxy
{
    private IVerificationStore store = null!;
    private Func<string, Func<Task>, Task> around = null!;

    /// <param name="store">The inner store.</param>
    /// <param name="around">Receives the name of the method and the call; makes the call, or throws.</param>
    public static IVerificationStore Create(IVerificationStore store, Func<string, Func<Task>, Task> around)
    {
        var decorated = Create<IVerificationStore, StoreDecorator>();
        var decorator = (StoreDecorator)decorated;
        (decorator.store, decorator.around) = (store, around);
        return decorated;
    }

    /// <summary>Decorates the store of an app.</summary>
    /// <param name="around">As for <see cref="Create"/>.</param>
    public static Action<IServiceCollection> Around(Func<string, Func<Task>, Task> around) => services =>
    {
        var registered = services.Single(service => service.ServiceType == typeof(IVerificationStore));
        services.Remove(registered);
        services.AddSingleton(
            provider => Create((IVerificationStore)registered.ImplementationFactory!(provider), around));
    };

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        object? Call() => method.Invoke(store, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        if (!method.ReturnType.IsGenericType)
        {
            return method.ReturnType == typeof(Task) ? around(method.Name, () => (Task)Call()!) : Call();
        }

        return typeof(StoreDecorator).GetMethod(nameof(AroundAsync), BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(method.ReturnType.GetGenericArguments())
            .Invoke(this, [method.Name, (Func<object?>)Call]);
    }

    private async Task<T> AroundAsync<T>(string method, Func<object?> call)
    {
        Task<T>? task = null;
        await around(method, () => task = (Task<T>)call()!);
        return await task!;
    }
}
