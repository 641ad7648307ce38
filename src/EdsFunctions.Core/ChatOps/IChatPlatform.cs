using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.ChatOps;

/// <summary>What one chat platform does in its own way: sign, deliver a command, and show an answer.</summary>
internal interface IChatPlatform
{
    /// <summary>Its name in the configuration.</summary>
    string Name { get; }

    /// <summary>The secrets that it signs with.</summary>
    SigningKeys Keys { get; }

    /// <summary>Who may change things.</summary>
    IList<string> AllowedUsers { get; }

    /// <summary>Its signature scheme.</summary>
    SignatureVerifier Verify { get; }

    /// <summary>Reads a delivery whose signature is valid.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="now">UTC.</param>
    DeliveryReading Read(ReadOnlyMemory<byte> body, DateTimeOffset now);

    /// <summary>The body of the reply.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="isPublic">Whether the whole channel is to see it, where the platform leaves that open.</param>
    JsonObject Reply(Message message, bool isPublic);
}

/// <summary>What a delivery turned out to be.</summary>
internal abstract record DeliveryReading
{
    private DeliveryReading()
    {
    }

    /// <summary>A command.</summary>
    public sealed record Command(ChatDelivery Delivery) : DeliveryReading;

    /// <summary>A question whether anyone is there.</summary>
    public sealed record Ping : DeliveryReading;

    /// <summary>Nothing of this platform's.</summary>
    /// <param name="Reason">Why, without a value of it.</param>
    public sealed record Unreadable(string Reason) : DeliveryReading;

    /// <summary>Sent too long ago to be one that was not seen.</summary>
    public sealed record TooOld : DeliveryReading;
}
