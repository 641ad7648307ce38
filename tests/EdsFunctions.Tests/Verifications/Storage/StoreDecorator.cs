using System.Reflection;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>
/// A store whose calls a test intercepts. The test can make each call, wait, throw, or replace the result.
/// </summary>
internal class StoreDecorator : DispatchProxy
{
    private static readonly MethodInfo AroundMethod =
        typeof(StoreDecorator).GetMethod(nameof(AroundAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    private IVerificationStore store = null!;
    private Func<MethodInfo, object?[], Func<object?>, object?> intercept = null!;

    /// <param name="store">The inner store.</param>
    /// <param name="intercept">
    /// Called instead of each method of the store, with the method, its arguments and the call. Returns the result, or
    /// throws.
    /// </param>
    public static IVerificationStore Create(
        IVerificationStore store, Func<MethodInfo, object?[], Func<object?>, object?> intercept)
    {
        var decorated = Create<IVerificationStore, StoreDecorator>();
        var decorator = (StoreDecorator)decorated;
        (decorator.store, decorator.intercept) = (store, intercept);
        return decorated;
    }

    /// <param name="store">The inner store.</param>
    /// <param name="around">
    /// Receives the name of an asynchronous method and the call; makes the call, or throws.
    /// </param>
    public static IVerificationStore Create(IVerificationStore store, Func<string, Func<Task>, Task> around) =>
        Create(store, (method, _, call) =>
            method.ReturnType == typeof(Task) ? around(method.Name, () => (Task)call()!)
            : method.ReturnType.IsGenericType
                ? AroundMethod.MakeGenericMethod(method.ReturnType.GetGenericArguments())
                    .Invoke(obj: null, [around, method.Name, call])
            : call());

    /// <summary>Decorates the store of an app.</summary>
    /// <param name="decorate">Decorates the store that is registered.</param>
    public static Action<IServiceCollection> Decorate(
        Func<IVerificationStore, IVerificationStore> decorate) => services =>
    {
        var registered = services.Single(service => service.ServiceType == typeof(IVerificationStore));
        services.Remove(registered);
        services.AddSingleton(
            provider => decorate((IVerificationStore)registered.ImplementationFactory!(provider)));
    };

    /// <summary>Decorates the store of an app.</summary>
    /// <param name="around">
    /// Receives the name of an asynchronous method and the call; makes the call, or throws.
    /// </param>
    public static Action<IServiceCollection> Around(Func<string, Func<Task>, Task> around) =>
        Decorate(store => Create(store, around));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => intercept(
        targetMethod!,
        args ?? [],
        () => targetMethod!.Invoke(store, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null));

    private static async Task<T> AroundAsync<T>(
        Func<string, Func<Task>, Task> around, string method, Func<object?> call)
    {
        Task<T>? task = null;
        await around(method, () => task = (Task<T>)call()!);
        return await task!;
    }
}
