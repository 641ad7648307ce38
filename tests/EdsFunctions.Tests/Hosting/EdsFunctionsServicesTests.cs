using System.Collections.Concurrent;

namespace EdsFunctions.Tests.Hosting;

public sealed class EdsFunctionsServicesTests
{
    [Fact]
    public async Task Start_AllOptions_AreBoundOnce()
    {
        var bound = new ConcurrentQueue<Type>();
        await using var app = await EdsApp.StartAsync(configure: services =>
        {
            Count<AlibabaOptions>(services);
            Count<ChatOpsOptions>(services);
            Count<FeishuAppOptions>(services);
            Count<KeyVaultOptions>(services);
            Count<ReconcileOptions>(services);
            Count<StaleReportOptions>(services);
            Count<VerificationOptions>(services);
        });

        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
        await app.RunReportAsync();
        app.Services.GetRequiredService<ChatOpsEndpoints>();

        Assert.Equal(
            [
                nameof(AlibabaOptions), nameof(ChatOpsOptions), nameof(FeishuAppOptions), nameof(KeyVaultOptions),
                nameof(ReconcileOptions), nameof(StaleReportOptions), nameof(VerificationOptions),
            ],
            bound.Select(type => type.Name).Order());

        void Count<TOptions>(IServiceCollection services)
            where TOptions : class => services.Configure<TOptions>(_ => bound.Enqueue(typeof(TOptions)));
    }

    [Theory]
    [InlineData(null, 30)]
    [InlineData("00:00:20", 50)]
    public void ShutdownTimeout_AnyTimeout_IsTheBudgetPlusTenSeconds(string? timeout, int seconds)
    {
        using var host = AppServices.Build(new() { ["Alibaba:Timeout"] = timeout }, TimeProvider.System, _ => { });

        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }
}
