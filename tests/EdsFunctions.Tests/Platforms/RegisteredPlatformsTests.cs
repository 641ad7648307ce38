using EdsFunctions.Core.Platforms;
using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Platforms;

/// <summary>
/// Every registered platform has a fake. Without a fake, the tests for all platforms would skip the platform.
/// </summary>
public sealed class RegisteredPlatformsTests
{
    [Fact]
    public async Task FakeChatPlatform_All_HasEveryRegisteredPlatform()
    {
        await using var app = await EdsApp.StartAsync();

        Assert.Equal(
            app.Services.GetServices<ChatPlatform>().Select(platform => platform.Name), FakeChatPlatform.All.Keys);
    }

    [Fact]
    public void FakeChannel_Kinds_HasEveryRegisteredKind()
    {
        using var services = new ServiceCollection().AddPlatforms().BuildServiceProvider();

        Assert.Equal(services.GetServices<ChannelKind>().Select(kind => kind.Name), FakeChannel.Kinds);
    }
}
