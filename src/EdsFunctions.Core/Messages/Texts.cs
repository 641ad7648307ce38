namespace EdsFunctions.Core.Messages;

/// <summary>A text in every language, with placeholders such as <c>{0}</c>.</summary>
internal sealed record Text(string English, string Chinese);

/// <summary>
/// The texts of messages in every language. The texts of a single chat command are in the file of the command.
/// </summary>
internal static class Texts
{
    public static readonly Text DurationDays = new("{0} d {1} h", "{0} 天 {1} 小时");
    public static readonly Text DurationHours = new("{0} h {1} min", "{0} 小时 {1} 分钟");
    public static readonly Text DurationMinutes = new("{0} min", "{0} 分钟");
    public static readonly Text DurationSeconds = new("{0} s", "{0} 秒");

    public static readonly Text StateSending = new("being sent", "发送中");
    public static readonly Text StatePending = new("waiting for the code", "等待验证码");
    public static readonly Text StateUnknown = new(
        "may have been sent; no clear response from Alibaba Cloud", "可能已发送，未收到阿里云的明确响应");
    public static readonly Text StateCompleted = new("completed", "已完成");
    public static readonly Text StateCancelled = new("cancelled", "已取消");
    public static readonly Text StateExpired = new("expired", "已过期");
    public static readonly Text StateFailed = new("not sent", "未发送");

    public static readonly Text Target = new("{0} in {1}", "{0}（{1}）");
    public static readonly Text OwnCen = new("own CEN", "本账号的云企业网");
    public static readonly Text Label = new("{0}: ", "{0}：");
    public static readonly Text LabelState = new("State", "状态");
    public static readonly Text LabelWaiting = new("Waiting", "已等待");
    public static readonly Text Waiting = new("{0}, since {1} UTC", "{0}（自 {1} UTC 起）");
    public static readonly Text LabelOwner = new("Owner", "所属账号");
    public static readonly Text LabelRequestedBy = new("Requested by", "发起人");
    public static readonly Text LabelNote = new("Note", "备注");
    public static readonly Text LabelClosed = new("Closed", "关闭时间");
    public static readonly Text Closed = new("{0} UTC", "{0}（UTC）");
    public static readonly Text ClosedBy = new("{0} UTC, by {1}", "{0}（UTC），操作人：{1}");
    public static readonly Text LabelClosingNote = new("Closing note", "关闭说明");
    public static readonly Text LabelOfficeSite = new("Office network", "办公网络");
    public static readonly Text LabelRequestId = new("Alibaba Cloud request ID", "阿里云请求 ID");
    public static readonly Text LabelCloseWith = new("When done, type", "完成后请输入");
    public static readonly Text More = new("+{0} more", "另有 {0} 条");

    public static readonly Text StaleHeadline = new(
        "Stale verifications: {0}, the oldest for {1}", "长时间未完成的验证：{0} 条，最久已等待 {1}");
    public static readonly Text StaleHint = new(
        "Ask the owner of the CEN for the code, then close the verification.",
        "请向云企业网所有者索取验证码，完成后关闭该验证。");
    public static readonly Text ExpiredHeadline = new(
        "Verifications expired after {0}: {1}", "超过 {0} 未完成、已过期的验证：{1} 条");
    public static readonly Text ExpiredHint = new(
        "No more reminders follow. Send a new code if it is still needed.", "不再提醒。如仍需要，请重新发送验证码。");
    public static readonly Text FailedHeadline = new(
        "Codes not sent, requester not notified: {0}", "未发送且未能通知发起人的验证码：{0} 个");
    public static readonly Text FailedHint = new(
        "Send a new code if it is still needed.", "如仍需要，请重新发送验证码。");
    public static readonly Text AllClear = new("No stale verifications", "没有长时间未完成的验证");

    public static readonly Text StillSending = new("Still sending the code for {0}", "仍在发送 {0} 的验证码");
    public static readonly Text TypeShow = new("To see the outcome, type: show {0}", "查看结果请输入：show {0}");
    public static readonly Text TypeShowRef = new(
        "To see the outcome, type show and the reference", "查看结果请输入 show 和编号");
    public static readonly Text TypePending = new("To see the outcome, type: pending", "查看结果请输入：pending");
    public static readonly Text TakesLonger = new("This takes longer than usual", "处理时间较长，请稍候");

    public static readonly Text TryAgainIn = new("Try again in {0}.", "请在 {0}后重试。");
    public static readonly Text RejectedWith = new(
        "Alibaba Cloud error code: {0}, request ID: {1}", "阿里云错误码：{0}，请求 ID：{1}");
    public static readonly Text TryAgainLater = new("Try again later.", "请稍后重试。");

    public static readonly Text AlreadyClosed = new("{0} is already closed; nothing was done", "{0} 已关闭，未执行任何操作");

    public static readonly Text NotFound = new("No verification matches this reference", "没有与该编号匹配的验证");
    public static readonly Text Unreadable = new(
        "Record {0} was written by a newer version of the app; nothing was done",
        "记录 {0} 由更高版本的应用写入，未执行任何操作");
    public static readonly Text NoSuchVerification = new("Verification not found", "未找到该验证");
    public static readonly Text Ambiguous = new(
        "More than one verification matches this reference; type more digits", "该编号匹配多条验证，请输入更多位");

    public static readonly Text NotAllowed = new("You are not allowed to run this command", "您没有执行该命令的权限");
    public static readonly Text NotAllowedHint = new(
        "An administrator can add {0} to the setting {1}.", "管理员可以将 {0} 添加到设置 {1}。");
    public static readonly Text AlreadyRun = new(
        "This command has already run; nothing was done", "该命令已执行过，未重复执行");
    public static readonly Text CommandFailed = new(
        "The command failed; see the log of the app", "命令执行失败，请查看应用日志");
    public static readonly Text CommandFailedHint = new(
        "To see what is on record, type: pending", "查看当前记录请输入：pending");

    public static readonly Text InvalidCommand = new("Invalid command; nothing was done", "命令无效，未执行任何操作");
    public static readonly Text Understood = new("Understood: {0}", "已识别：{0}");
    public static readonly Text Errors = new("Error: {0}", "错误：{0}");
    public static readonly Text Usage = new("Usage: {0}", "用法：{0}");
    public static readonly Text UnknownVerb = new(
        "unknown command {0}; did you mean {1}?", "未知命令 {0}，您是否想输入 {1}？");
    public static readonly Text UnknownVerbUnnamed = new(
        "the first word is not a command; did you mean {0}?", "第一个词不是命令，您是否想输入 {0}？");
    public static readonly Text MissingRef = new("the reference is missing", "缺少编号");
    public static readonly Text BadRef = new(
        "word {0} is not a reference (up to eight digits 0-9 and a-f, or a full ID)",
        "第 {0} 个词不是编号（最多八位 0-9、a-f，或完整 ID）");
    public static readonly Text BadCode = new("word {0} is not a code", "第 {0} 个词不是验证码");
    public static readonly Text MissingWords = new("an argument is missing", "缺少参数");
    public static readonly Text TooManyWords = new("too many arguments", "参数过多");
    public static readonly Text NoText = new(
        "the message has no text; type the command", "消息不含文字，请输入命令");
    public static readonly Text TooLong = new("the command is too long", "命令过长");

    public static readonly Text Word = new("{0}", "{0}");
    public static readonly Text Nothing = new("nothing", "无");
    public static readonly Text Separator = new(", ", "，");

    public static readonly Text CheckValid = new("The CEN can be attached", "可以绑定该云企业网");
    public static readonly Text CheckCidrConflict = new(
        "The CIDR block overlaps with a route of the CEN", "网段与云企业网的路由冲突");
    public static readonly Text CheckCodeWrong = new(
        "The code is wrong or expired; use the code that was sent last", "验证码错误或已过期，请使用最近一次发送的验证码");
    public static readonly Text CheckCodeExhausted = new(
        "The code was tried too many times; resend the code", "验证码尝试次数过多，请重新发送");
    public static readonly Text CheckWrongAccount = new(
        "The CEN does not belong to the account that received the code", "该云企业网不属于接收验证码的账号");
    public static readonly Text CheckNoSuchCen = new(
        "The account that received the code has no such CEN", "接收验证码的账号下没有该云企业网");
    public static readonly Text CheckOther = new(
        "Alibaba Cloud returned an undocumented status", "阿里云返回了未知状态");
}
