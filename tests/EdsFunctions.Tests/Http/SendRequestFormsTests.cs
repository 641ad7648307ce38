namespace EdsFunctions.Tests.Http;

/// <summary>The forms in which a request for a code may come.</summary>
public sealed class SendRequestFormsTests
{
    private const string Action = "eds_cenID_securityverification";

    [Theory]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":1234567890123456}""", "cen-a", 1234567890123456L)]
    [InlineData("""{"REGIONID":"cn-hangzhou","CenId":"cen-a","cenownerid":"1234567890123456"}""", "cen-a", 1234567890123456L)]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a"}""", "cen-a", null)]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":null,"note":null}""", "cen-a", null)]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":9223372036854775807}""", "cen-a", long.MaxValue)]
    [InlineData("""{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION","ExtraInfo":{"cenOwnerId":7,"cenId":"cen-a"}}""", "cen-a", 7L)]
    [InlineData("""{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION","ExtraInfo":{"CenOwnerId":"7","CenId":"cen-a"}}""", "cen-a", 7L)]
    [InlineData("""{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION","ExtraInfo":"{\"cenOwnerId\": 7,\"cenId\": \"cen-a\"}"}""", "cen-a", 7L)]
    [InlineData("""{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION","ExtraInfo":"{\"cenId\":\"cen-a\"}"}""", "cen-a", null)]
    [InlineData("""{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION"}""", null, null)]
    [InlineData("""{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION","ExtraInfo":null}""", null, null)]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":7,"extraInfo":{"cenId":"cen-a","cenOwnerId":7}}""", "cen-a", 7L)]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a","extraInfo":{"cenId":"cen-a","cenOwnerId":7}}""", "cen-a", 7L)]
    public void Each_says_whose_code_is_asked_for(string body, string? cen, long? owner)
    {
        var command = SendRequest.Read(
            Encoding.UTF8.GetBytes(body.Replace("ACTION", Action, StringComparison.Ordinal)), new FieldErrors());

        Assert.Equal("cn-hangzhou", command.Target.RegionId);
        Assert.Equal((cen, owner), (command.Target.CenId, command.Target.CenOwnerId?.Value));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var errors = new FieldErrors();

        Assert.Throws<ProblemException>(() =>
            SendRequest.Read("""{"regionId":"X","cenId":"X","cenOwnerId":"X","note":1,"more":1}"""u8.ToArray(), errors));

        Assert.Equal(["cenId", "cenOwnerId", "more", "note", "regionId"], errors.ByField.Keys);
    }
}
