namespace EdsFunctions.Core.Signatures;

/// <summary>Validates the options of one name by a function that says what is wrong with them.</summary>
internal sealed class NamedValidator<TOptions>(string name, Func<TOptions, IEnumerable<string>> check) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? validated, TOptions options) => validated != name ? ValidateOptionsResult.Skip
        : check(options).ToArray() is { Length: > 0 } failures ? ValidateOptionsResult.Fail(failures)
        : ValidateOptionsResult.Success;
}
