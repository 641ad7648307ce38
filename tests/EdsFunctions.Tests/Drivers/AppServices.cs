namespace EdsFunctions.Tests.Drivers;

/// <summary>The services of the app, without a web server.</summary>
internal static class AppServices
{
    /// <summary>Settings with the access key of the simulator.</summary>
    /// <param name="alibaba">The URL of the simulator; null for Alibaba Cloud.</param>
    public static Dictionary<string, string?> CreateSettings(Uri? alibaba) => new()
    {
        ["Alibaba:EndpointOverride"] = alibaba?.ToString(),
        // Allow many e-mails to one owner, because most tests use the same owner.
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
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(time);
        builder.Services.AddEdsFunctions();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging();
        configure(builder.Services);
        return builder.Build();
    }
}
