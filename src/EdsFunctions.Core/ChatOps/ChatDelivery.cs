namespace EdsFunctions.Core.ChatOps;

/// <summary>A command as a platform delivered it.</summary>
/// <param name="Id">The platform's id of the delivery; the same when it delivers again.</param>
/// <param name="UserId">Who typed it, as the platform's permissions know them; null where it does not say.</param>
/// <param name="UserName">Who typed it, for people to read.</param>
/// <param name="ChannelId">Where it was typed.</param>
/// <param name="Text">What was typed, without the platform's markup.</param>
/// <param name="ReplyTo">Where more can be said later, on the platform's own host; null for nowhere.</param>
internal sealed record ChatDelivery(
    string Id, string? UserId, string? UserName, string? ChannelId, string Text, Uri? ReplyTo = null);
