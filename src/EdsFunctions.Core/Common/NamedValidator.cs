namespace EdsFunctions.Core.Common;

/// <summary>Validates one instance of named options with a function that returns the validation errors.</summary>
internal sealed class NamedValidator<TOptions>(string name, Func<TOptions, IEnumerable<string>> check)
    : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? validated, TOptions options) =>
        validated != name ? ValidateOptionsResult.Skip
        : check(options).ToArray() is { Length: > 0 } failures ? ValidateOptionsResult.Fail(failures)
        : ValidateOptionsResult.Success;
}
