namespace EdsFunctions.Tests.Secrecy;

public sealed class SecretsTests
{
    private const string Secret = "sEC/ret+Of-The-Control.Test~4T7=";

    [Theory]
    [InlineData("plain: sEC/ret+Of-The-Control.Test~4T7=.")]
    [InlineData("/?x=sEC%2Fret%2BOf-The-Control.Test~4T7%3D")]
    [InlineData("{\"x\":\"sEC/ret\\u002BOf-The-Control.Test~4T7=\"}")]
    [InlineData("Basic c0VDL3JldCtPZi1UaGUtQ29udHJvbC5UZXN0fjRUNz0=")]
    [InlineData("sEC/ret+Of-T...")]
    [InlineData("...trol.Test~4T7=")]
    [InlineData("the code is '120457'.")]
    [InlineData("8231764509128345")]
    [InlineData("823176450912****")]
    public void FindIn_AnySpelling_FindsTheSecret(string text) => Assert.Single(Known().FindIn(text));

    [Theory]
    [InlineData("sEC/ret+Of-...")]
    [InlineData("************8345")]
    [InlineData("9120457 1204570 a120457 0.120457 120457f")]
    public void FindIn_MaskedTextsAndLongerNumbers_FindsNothing(string text) => Assert.Empty(Known().FindIn(text));

    private static Secrets Known()
    {
        var secrets = new Secrets();
        secrets.Add("secret", Secret);
        secrets.AddCode("120457");
        secrets.AddAccount("8231764509128345");
        return secrets;
    }
}
