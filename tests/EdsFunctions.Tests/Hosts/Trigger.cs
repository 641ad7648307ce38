using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions.Tests.Hosts;

/// <summary>An HTTP trigger of the Functions app, as its attributes declare it.</summary>
internal sealed record Trigger(
    string Function, string Method, string Route, AuthorizationLevel Level, ParameterInfo[] Parameters)
{
    /// <summary>All functions of the app.</summary>
    public static IReadOnlyList<MethodInfo> Functions { get; } =
    [
        .. typeof(VerificationTriggers).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null),
    ];

    /// <summary>The functions with an HTTP trigger.</summary>
    public static IReadOnlyList<Trigger> Http { get; } =
    [
        .. from method in Functions
           let http = method.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>()
           where http is not null
           select new Trigger(
               method.GetCustomAttribute<FunctionAttribute>()!.Name,
               string.Join(", ", http.Methods!).ToUpperInvariant(),
               http.Route!,
               http.AuthLevel,
               method.GetParameters()),
    ];
}
