namespace EdsFunctions.Tests.Alibaba;

/// <summary>A source of credentials that does as the test says, and counts.</summary>
internal sealed class ScriptedCredentials(
    Func<AlibabaCredentials> get, Func<AlibabaCredentials, AlibabaCredentials>? refresh = null) : ICredentialSource
{
    public string Description => "the test";

    public int Refreshes { get; private set; }

    public ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken) => new(get());

    public ValueTask<AlibabaCredentials> RefreshAsync(AlibabaCredentials refused, CancellationToken cancellationToken)
    {
        Refreshes++;
        return new ValueTask<AlibabaCredentials>(refresh!(refused));
    }
}
