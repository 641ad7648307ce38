using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdsFunctions.Tests.Hosts;

/// <summary>Reads triggers as syntax: without the worker packages, so wherever the tests run.</summary>
internal static class TriggerReader
{
    /// <exception cref="InvalidOperationException">A function has no trigger, or one that is not understood.</exception>
    public static IReadOnlyList<Trigger> Read(IReadOnlyDictionary<string, string> sources) =>
    [
        .. from source in sources.Values
           from method in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
           let function = Attribute(method.AttributeLists, "Function")
           where function is not null
           select Read(method, function),
    ];

    private static Trigger Read(MethodDeclarationSyntax method, AttributeSyntax function)
    {
        var name = CoreConstants.Resolve(Positional(function)[0]);
        var bound = method.ParameterList.Parameters[0].AttributeLists;
        var http = Attribute(bound, "HttpTrigger");
        var timer = Attribute(bound, "TimerTrigger");
        return (http, timer) switch
        {
            ({ }, null) => new Trigger(name, Http(http), null, Endpoint(method), method),
            (null, { }) => new Trigger(name, null, CoreConstants.Resolve(Positional(timer)[0]), Endpoint(method), method),
            _ => throw new InvalidOperationException($"{name} does not begin with one trigger."),
        };
    }

    private static HttpBinding Http(AttributeSyntax trigger)
    {
        // The defaults of the attribute differ by constructor: each trigger says all three.
        if (Positional(trigger) is not [MemberAccessExpressionSyntax level, { } method]
            || Named(trigger, "Route") is not { } route
            || $"{level.Expression}" != "AuthorizationLevel")
        {
            throw new InvalidOperationException($"Not a level, a method and a route: {trigger}");
        }

        return new HttpBinding(CoreConstants.Resolve(method).ToUpperInvariant(), CoreConstants.Resolve(route), $"{level.Name}");
    }

    /// <summary>A call of what the class was given; anything else is logic, which has no place here.</summary>
    private static string Endpoint(MethodDeclarationSyntax method) =>
        method.ExpressionBody?.Expression is InvocationExpressionSyntax
        {
            Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax target, Name: var name },
        }
        && method.Parent is ClassDeclarationSyntax { ParameterList.Parameters: var injected }
        && injected.SingleOrDefault(parameter => parameter.Identifier.Text == target.Identifier.Text) is { } parameter
            ? $"{parameter.Type}.{name}"
            : "";

    private static AttributeSyntax? Attribute(IEnumerable<AttributeListSyntax> lists, string name) =>
        lists.SelectMany(list => list.Attributes).SingleOrDefault(attribute => $"{attribute.Name}".Split('.')[^1] == name);

    private static ExpressionSyntax[] Positional(AttributeSyntax attribute) =>
        [.. Arguments(attribute).Where(argument => argument.NameEquals is null).Select(argument => argument.Expression)];

    private static ExpressionSyntax? Named(AttributeSyntax attribute, string name) =>
        Arguments(attribute).SingleOrDefault(argument => argument.NameEquals?.Name.Identifier.Text == name)?.Expression;

    private static SeparatedSyntaxList<AttributeArgumentSyntax> Arguments(AttributeSyntax attribute) =>
        attribute.ArgumentList?.Arguments ?? [];
}
