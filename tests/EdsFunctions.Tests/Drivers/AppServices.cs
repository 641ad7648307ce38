namespace EdsFunctions.Tests.Drivers;

/// <summary>The services of the app as both hosts register them, without a web server.</summary>
internal static class AppServices
{
    /// <summary>The settings with which a simulator accepts the app.</summary>
    /// <param name="alibaba">Where Alibaba's gateway is; null for the real one.</param>
    public static Dictionary<string, string?> For(Uri? alibaba) => new()
    {
        ["Alibaba:EndpointOverride"] = alibaba?.ToString(),
        // Most requests of the tests are for one owner.
        ["Verifications:MaxSendsPerOwnerPerHour"] = "1000",
        ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "testid",
        ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "testsecret",
    };

    public static IHost Build(
        Dictionary<string, string?> settings,
        TimeProvider time,
        Action<IServiceCollection> configure,
        string environment = "Development")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(time);
        builder.Services.AddEdsFunctions();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging();
        configure(builder.Services);
        return builder.Build();
    }
}
