namespace EdsFunctions.Core.Messages;

/// <summary>A text in every language; <c>{0}</c> and so on stand for its arguments.</summary>
internal sealed record Text(string English, string Chinese);

/// <summary>Every text of a message but those of a single chat command, which are in its file.</summary>
internal static class Texts
{
    public static readonly Text DurationDays = new("{0} d {1} h", "{0} 天 {1} 小时");
    public static readonly Text DurationHours = new("{0} h {1} min", "{0} 小时 {1} 分钟");
    public static readonly Text DurationMinutes = new("{0} min", "{0} 分钟");
    public static readonly Text DurationSeconds = new("{0} s", "{0} 秒");

    public static readonly Text StateSending = new("being sent", "发送中");
    public static readonly Text StatePending = new("waiting for the code", "等待验证码");
    public static readonly Text StateUnknown = new(
        "may have been sent; Alibaba's answer is missing", "可能已发送，未收到阿里云的答复");
    public static readonly Text StateCompleted = new("done", "已完成");
    public static readonly Text StateCancelled = new("cancelled", "已取消");
    public static readonly Text StateExpired = new("expired", "已过期");
    public static readonly Text StateFailed = new("not sent", "未发送");

    public static readonly Text Target = new("{0} in {1}", "{1} 的 {0}");
    public static readonly Text OwnCen = new("own CEN", "本账号的 CEN");
    public static readonly Text LabelState = new("State", "状态");
    public static readonly Text LabelWaiting = new("Waiting", "已等待");
    public static readonly Text Waiting = new("{0}, since {1} UTC", "{0}，自 {1}（UTC）");
    public static readonly Text LabelOwner = new("Owner", "所有者");
    public static readonly Text LabelRequestedBy = new("Asked by", "发起人");
    public static readonly Text LabelNote = new("Note", "备注");
    public static readonly Text LabelClosed = new("Closed", "关闭");
    public static readonly Text Closed = new("{0} UTC", "{0}（UTC）");
    public static readonly Text ClosedBy = new("{0} UTC, by {1}", "{0}（UTC），操作人：{1}");
    public static readonly Text LabelClosingNote = new("Why", "关闭说明");
    public static readonly Text LabelOfficeSite = new("Office network", "办公网络");
    public static readonly Text LabelRequestId = new("Alibaba request", "阿里云请求 ID");
    public static readonly Text LabelCloseWith = new("When it is done, type", "完成后请输入");
    public static readonly Text More = new("+{0} more", "另有 {0} 条");

    public static readonly Text StaleHeadline = new(
        "Verifications that wait too long: {0}, the oldest for {1}", "等待过久的验证：{0} 条，最久已等待 {1}");
    public static readonly Text StaleHint = new(
        "Ask the owner of the CEN for the code, then close the verification.", "请向 CEN 所有者索取验证码，完成后关闭该验证。");
    public static readonly Text ExpiredHeadline = new(
        "Given up after {0} without a code: {1}", "等待 {0} 仍未收到验证码，已放弃：{1} 条");
    public static readonly Text ExpiredHint = new(
        "They are reported no more. Ask for a new code if it is still needed.", "不再提醒。如仍需要，请重新发送验证码。");
    public static readonly Text FailedHeadline = new(
        "Codes that were not sent, and whose sender got no answer: {0}", "未发送且未能答复发起人的验证码：{0} 条");
    public static readonly Text FailedHint = new("Ask for a new code if it is still needed.", "如仍需要，请重新发送验证码。");
    public static readonly Text AllClear = new("All clear: no verification waits too long any more", "已全部处理：没有等待过久的验证");

    public static readonly Text StillSending = new("Still sending the code for {0}", "仍在发送 {0} 的验证码");
    public static readonly Text AskShow = new("Ask for the outcome: show {0}", "查询结果：show {0}");
    public static readonly Text AskPending = new("Ask for the outcome: pending", "查询结果：pending");
    public static readonly Text InProgressReply = new("This takes longer than usual", "处理时间比平时长");

    public static readonly Text TryAgainIn = new("Another one can be sent in {0}.", "{0} 后可重新发送。");
    public static readonly Text RefusedWith = new("Alibaba's code: {0}, request {1}", "阿里云错误码：{0}，请求 ID：{1}");
    public static readonly Text AskAgainLater = new("Ask again later.", "请稍后再试。");

    public static readonly Text ClosedBefore = new("{0} is closed already; nothing was done", "{0} 已关闭，未执行任何操作");

    public static readonly Text NotFound = new("No verification has a reference that begins so", "没有以此开头的验证编号");
    public static readonly Text Unreadable = new(
        "The record {0} was written by a newer version of the app; nothing was done", "记录 {0} 由更新版本的应用写入，未执行任何操作");
    public static readonly Text NoSuchVerification = new("There is no such verification", "没有该验证");
    public static readonly Text Ambiguous = new(
        "More than one reference begins so; type more of it", "多个编号以此开头，请输入更多位");

    public static readonly Text NotAllowed = new("You may not change anything here", "你没有更改权限");
    public static readonly Text NotAllowedHint = new("An administrator can add {0} to {1}.", "管理员可将 {0} 加入 {1}。");
    public static readonly Text SeenBefore = new(
        "This command was carried out before; nothing was done", "该命令已执行过，未重复执行");
    public static readonly Text CommandFailed = new("The app failed; its log says more", "应用出错，详情见日志");
    public static readonly Text CommandFailedHint = new("Ask for what is on record: pending", "查询当前记录：pending");

    public static readonly Text Mistake = new("I did not understand that, and did nothing", "未能理解该命令，未执行任何操作");
    public static readonly Text Understood = new("Understood: {0}", "已识别：{0}");
    public static readonly Text Wrong = new("Wrong: {0}", "有误：{0}");
    public static readonly Text Right = new("Right: {0}", "正确格式：{0}");
    public static readonly Text UnknownVerb = new("there is no command {0}; did you mean {1}?", "没有命令 {0}，是否想输入 {1}？");
    public static readonly Text UnknownVerbUnnamed = new(
        "the first word is no command; did you mean {0}?", "第一个词不是命令，是否想输入 {0}？");
    public static readonly Text MissingRef = new("the reference is missing", "缺少编号");
    public static readonly Text BadRef = new(
        "word {0} is no reference: up to eight digits 0 to 9 and a to f, or a whole id",
        "第 {0} 个词不是编号：最多八位（0-9、a-f），或完整 ID");
    public static readonly Text BadCode = new("word {0} can be no code", "第 {0} 个词不是验证码");
    public static readonly Text MissingWords = new("something is missing", "参数不完整");
    public static readonly Text TooManyWords = new("there are words too many", "多余的词");
    public static readonly Text TooLong = new("it is too long", "命令过长");

    public static readonly Text Word = new("{0}", "{0}");
    public static readonly Text Nothing = new("nothing", "无");

    public static readonly Text CheckFine = new("The CEN can be attached", "可以绑定该 CEN");
    public static readonly Text CheckCidrConflict = new(
        "The block of addresses overlaps with a route of the CEN", "网段与该 CEN 的路由冲突");
    public static readonly Text CheckCodeWrong = new(
        "The code is not the one that was sent last, or it is too old", "验证码错误或已过期");
    public static readonly Text CheckCodeExhausted = new(
        "The code was tried too often; have another one sent", "验证码尝试次数过多，请重新发送");
    public static readonly Text CheckWrongAccount = new(
        "The CEN belongs to another account than the one that the code was sent to", "该 CEN 属于其他账号");
    public static readonly Text CheckNoSuchCen = new(
        "The account that the code was sent to has no such CEN", "该账号下没有此 CEN");
    public static readonly Text CheckOther = new("Alibaba says something that is not documented", "阿里云返回了未说明的结果");
}
