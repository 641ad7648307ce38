namespace EdsFunctions.Tests.Simulator;

/// <summary>The published signatures in Vectors/acs3.json; POST with an empty body in all of them.</summary>
public sealed class SignatureTests
{
    private static readonly Dictionary<string, Call> Vectors = ReadVectors();

    public static TheoryData<string> Names => [.. Vectors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_published_signature_is_accepted_with_its_own_secret_only(string name)
    {
        var vector = Vectors[name];
        var now = DateTimeOffset.Parse(vector.Date, CultureInfo.InvariantCulture);
        var options = new SimulatorOptions
        {
            AccessKeyId = vector.AccessKeyId,
            AccessKeySecret = vector.AccessKeySecret,
            SecurityToken = vector.SecurityToken,
        };
        await using var ecd = await RunningSimulator.StartAsync(options, now);
        await using var another = await RunningSimulator.StartAsync(options with { AccessKeySecret = "another" }, now);

        (await another.SendAsync(vector)).ShouldBeError(400, "SignatureDoesNotMatch");

        // One vector is of another product, whose version is refused after the signature was accepted.
        var response = await ecd.SendAsync(vector);
        if (vector.Action == "SendVerifyCode")
            response.ShouldSucceed();
        else
            response.ShouldBeError(400, "InvalidVersion");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_calls_of_these_tests_sign_themselves_as_published(string name) =>
        Assert.Equal(Vectors[name].Authorization, Vectors[name].Sign("not used"));

    private static Dictionary<string, Call> ReadVectors()
    {
        var file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "acs3.json"));
        return JsonElement.Parse(file).GetProperty("vectors").EnumerateArray().ToDictionary(
            vector => vector.GetProperty("name").GetString()!,
            vector => vector.Deserialize<Call>(JsonSerializerOptions.Web)!);
    }
}
