namespace EdsFunctions.Core.Api;

/// <summary>The names of the functions, once for both hosts.</summary>
public static class Functions
{
    public const string SendVerifyCode = nameof(SendVerifyCode);
    public const string ResendVerifyCode = nameof(ResendVerifyCode);
    public const string ListVerifications = nameof(ListVerifications);
    public const string GetVerification = nameof(GetVerification);
    public const string CompleteVerification = nameof(CompleteVerification);
    public const string CancelVerification = nameof(CancelVerification);
    public const string CheckCen = nameof(CheckCen);
    public const string AttachCen = nameof(AttachCen);
    public const string GetStaleReport = nameof(GetStaleReport);
    public const string SlackCommand = nameof(SlackCommand);
    public const string TeamsCommand = nameof(TeamsCommand);
    public const string DingTalkCommand = nameof(DingTalkCommand);
    public const string SendVerifyCodeWebhook = nameof(SendVerifyCodeWebhook);
    public const string Health = nameof(Health);
    public const string OpenApi = nameof(OpenApi);
    public const string StaleVerificationReport = nameof(StaleVerificationReport);
}
