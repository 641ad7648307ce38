using System.Diagnostics;
using System.Reflection;
using EdsFunctions.Tests.Infra;

[assembly: AssemblyFixture(typeof(BicepCompiler))]

namespace EdsFunctions.Tests.Infra;

/// <summary>
/// The Bicep compiler, as NuGet serves it for Linux on x64. Elsewhere the test is skipped, and says why; on CI it fails instead.
/// </summary>
public sealed class BicepCompiler
{
    /// <summary>Each parameter with another value than its default.</summary>
    internal const string Everything =
        """
        param tags = { team: 'networks' }
        param instanceMemory = 4096
        param maximumInstances = 100
        param logRetention = 90
        param credentialsSecretName = 'other-credentials'
        param reportSchedule = '0 0 * * * *'
        param staleThreshold = '01:00:00'
        param repeatAfter = '08:00:00'
        param resendCooldown = '00:05:00'
        param expireAfter = '3.00:00:00'
        param reconcile = true
        param reportLanguage = 'zh-CN'
        param chatLanguage = 'zh-CN'
        param chatRegion = 'cn-hangzhou'
        param chatChannels = [{ id: 'C2147483705', region: 'cn-shanghai' }]
        param slack = { secretNames: ['slack', 'slack-new'], allowedUsers: ['U2CERLKJA', 'U2CERLKJB'] }
        param teams = { secretNames: ['teams'], allowedUsers: ['29:1234'] }
        param dingTalk = { secretNames: ['dingtalk'], allowedUsers: ['manager4220'] }
        param reportChannels = {
          slack: { kind: 'Slack', urlSecretName: 'slack-url' }
          teams: { kind: 'Teams', urlSecretName: 'teams-url' }
          ops_zh: { kind: 'DingTalk', urlSecretName: 'dingtalk-url', signingSecretName: 'dingtalk-sign' }
          feishu: { kind: 'Feishu', urlSecretName: 'feishu-url', signingSecretName: 'feishu-sign' }
          desk: { kind: 'Webhook', urlSecretName: 'desk-url', signingSecretName: 'desk-sign' }
        }
        param heartbeatSecretName = 'heartbeat-url'
        param standardWebhookSecretNames = ['standard']
        param gitHubWebhookSecretNames = ['github']
        param alertEmail = 'ops@example.com'
        param reportMinutes = 60
        param allowedCallers = ['203.0.113.0/24', '198.51.100.7/32']
        param privateNetwork = true
        param networkAddresses = '10.99.0.0/24'
        """;

    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private const string Tenant = "00000000-0000-0000-0000-000000000002";

    private static readonly string? Executable = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
        .SingleOrDefault(metadata => metadata.Key == "BicepPath")?.Value;

    private readonly Lazy<Task<Template>> template = new(BuildAsync);
    private readonly Lazy<Task<Snapshot>> defaults = new(() => SnapshotAsync(""));
    private readonly Lazy<Task<Snapshot>> everything = new(() => SnapshotAsync(Everything));

    internal static string Main => Repository.Path("infra", "main.bicep");

    /// <summary><c>main.bicep</c> as it is sent to Azure; compiled once.</summary>
    internal Task<Template> TemplateAsync() => template.Value;

    /// <summary>What a deployment makes where only the name and the region are said.</summary>
    internal Task<Snapshot> DefaultsAsync() => defaults.Value;

    /// <summary>What it makes with <see cref="Everything"/>.</summary>
    internal Task<Snapshot> EverythingAsync() => everything.Value;

    /// <summary>What a deployment would make, with all expressions evaluated that need no resource to exist.</summary>
    /// <param name="parameters">What a parameter file says besides the name and the region.</param>
    private static async Task<Snapshot> SnapshotAsync(string parameters)
    {
        using var folder = new TemporaryFolder();
        var result = await SnapshotAsync(folder, parameters);
        Assert.True(result is { ExitCode: 0, Errors: "" }, result.Errors);
        return Snapshot.Read(await File.ReadAllTextAsync(folder.File("infra.snapshot.json")));
    }

    /// <summary>Holds that such a deployment is refused before it begins.</summary>
    internal static async Task RefuseAsync(string parameters, string why)
    {
        using var folder = new TemporaryFolder();
        var result = await SnapshotAsync(folder, parameters);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(why, result.Errors, StringComparison.Ordinal);
    }

    /// <summary>Runs the compiler.</summary>
    internal static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        if (Executable is null)
        {
            const string Reason = "The Bicep compiler is fetched for Linux on x64 only.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }

        AllowToRun(Executable);
        using var bicep = Process.Start(new ProcessStartInfo(Executable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = bicep.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await bicep.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bicep.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (bicep.ExitCode, output, await errors);
    }

    private static async Task<Template> BuildAsync()
    {
        var result = await RunAsync("build", Main, "--stdout");
        Assert.True(result is { ExitCode: 0, Errors: "" }, result.Errors);
        return Template.Read(result.Output);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> SnapshotAsync(TemporaryFolder folder, string parameters)
    {
        await File.WriteAllTextAsync(
            folder.File("infra.bicepparam"),
            $"""
            using '{Path.GetRelativePath(folder.Path, Main).Replace('\\', '/')}'
            param environmentName = 'test'
            param location = 'southeastasia'
            {parameters}
            """);
        return await RunAsync(
            "snapshot", folder.File("infra.bicepparam"), "--mode", "overwrite",
            "--subscription-id", Subscription, "--tenant-id", Tenant, "--location", "southeastasia");
    }

    /// <summary>A package holds files, and not always the right to run them.</summary>
    private static void AllowToRun(string file)
    {
        if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute))
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
        }
    }
}
