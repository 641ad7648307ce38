using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Api;

/// <summary>
/// The routes, once for both hosts: without a leading slash, as the Functions host wants them, and with constraints, since it tries
/// routes by the alphabet and not by how well they fit.
/// </summary>
public static class Routes
{
    /// <summary>What goes before every route; the Functions host has it from host.json, where it is the default.</summary>
    public const string Prefix = "api";

    public const string Verifications = "verifications";
    public const string Verification = "verifications/{id:guid}";
    public const string ResendVerifyCode = "verifications/{id:guid}/resend";
    public const string CompleteVerification = "verifications/{id:guid}/complete";
    public const string CancelVerification = "verifications/{id:guid}/cancel";
    public const string CheckCen = "verifications/{id:guid}/check";
    public const string AttachCen = "verifications/{id:guid}/attach";
    public const string StaleReport = "reports/stale";
    public const string SlackCommand = "chatops/slack";
    public const string TeamsCommand = "chatops/teams";
    public const string DingTalkCommand = "chatops/dingtalk";
    public const string SendVerifyCodeWebhook = "webhooks/verifications";
    public const string Health = "health";
    public const string OpenApi = "openapi.json";

    /// <summary>The application setting with the schedule of the report, in the form in which a timer trigger refers to it.</summary>
    public const string StaleReportSchedule = $"%{StaleReportOptions.ScheduleSetting}%";
}
