namespace EdsFunctions.Core.Messages;

/// <summary>A text in every language; <c>{0}</c> and so on stand for its arguments.</summary>
internal sealed record Text(string English, string Chinese);

/// <summary>Every text that a message contains.</summary>
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

    public static readonly Text Sent = new("A code is on its way to the owner of {0}", "验证码正发往 {0} 的所有者");
    public static readonly Text SentAnew = new("Another code is on its way to the owner of {0}", "已向 {0} 的所有者重新发送验证码");
    public static readonly Text AskedBy = new("Asked by {0}. Reference: {1}", "发起人：{0}。编号：{1}");
    public static readonly Text StillSending = new("Still sending the code for {0}", "仍在发送 {0} 的验证码");
    public static readonly Text AskShow = new("Ask for the outcome: show {0}", "查询结果：show {0}");
    public static readonly Text AskPending = new("Ask for the outcome: pending", "查询结果：pending");
    public static readonly Text StillAtIt = new("This takes longer than usual", "处理时间比平时长");

    public static readonly Text SendInProgress = new(
        "A code for {0} is being sent; nothing was done", "{0} 的验证码正在发送，未执行任何操作");
    public static readonly Text TooSoon = new(
        "A code for {0} was sent a moment ago; nothing was done", "{0} 的验证码刚刚发送过，未执行任何操作");
    public static readonly Text AlreadyOpen = new(
        "A code for {0} was sent before, and its verification is open; nothing was done", "{0} 的验证码此前已发送，验证尚未关闭，未执行任何操作");
    public static readonly Text AskResend = new("To send it again: resend {0}", "如需重新发送：resend {0}");
    public static readonly Text OwnerLimit = new(
        "The owner of {0} got too many codes in the last hour; nothing was done", "{0} 的所有者一小时内收到的验证码过多，未执行任何操作");
    public static readonly Text TryAgainIn = new("Another one can be sent in {0}.", "{0} 后可重新发送。");
    public static readonly Text Refused = new(
        "Alibaba refused the request for {0}; no code was sent", "阿里云拒绝了 {0} 的请求，验证码未发送");
    public static readonly Text RefusedWith = new("Alibaba's code: {0}, request {1}", "阿里云错误码：{0}，请求 ID：{1}");
    public static readonly Text Throttled = new(
        "Alibaba takes no more requests for now; no code was sent for {0}", "阿里云暂时限流，{0} 的验证码未发送");
    public static readonly Text NotSent = new(
        "The request for {0} did not reach Alibaba; no code was sent", "{0} 的请求未到达阿里云，验证码未发送");
    public static readonly Text AskAgainLater = new("Ask again later.", "请稍后再试。");
    public static readonly Text OutcomeUnknown = new(
        "It is not known whether a code for {0} was sent", "无法确认 {0} 的验证码是否已发送");
    public static readonly Text NotSentAgain = new(
        "It is not sent again by itself. Ask the owner before you ask anew.", "不会自动重发。重新发送前请先询问所有者。");

    public static readonly Text Completed = new("{0} closed {1} as done", "{0} 已将 {1} 标记为完成");
    public static readonly Text Cancelled = new("{0} cancelled {1}", "{0} 已取消 {1}");
    public static readonly Text ClosedBefore = new("{0} is closed already; nothing was done", "{0} 已关闭，未执行任何操作");
    public static readonly Text CloseInProgress = new(
        "A code for {0} is being sent; try again in a moment", "{0} 的验证码正在发送，请稍后再试");

    public static readonly Text NotFound = new("No verification has a reference that begins so", "没有以此开头的验证编号");
    public static readonly Text Unreadable = new(
        "The record {0} was written by a newer version of the app; nothing was done", "记录 {0} 由更新版本的应用写入，未执行任何操作");
    public static readonly Text NoSuchVerification = new("There is no such verification", "没有该验证");
    public static readonly Text Ambiguous = new(
        "More than one reference begins so; type more of it", "多个编号以此开头，请输入更多位");
    public static readonly Text Show = new("Verification {0}", "验证 {0}");
    public static readonly Text Pending = new("Open verifications: {0}", "未关闭的验证：{0} 条");
    public static readonly Text PendingMany = new("Open verifications: the first {0}", "未关闭的验证：前 {0} 条");
    public static readonly Text NothingPending = new("No verification is open", "没有未关闭的验证");

    public static readonly Text FailedLately = new("Not sent in the last hour: {0}", "最近一小时未发送：{0} 条");

    public static readonly Text NotAllowed = new("You may not change anything here", "你没有更改权限");
    public static readonly Text NotAllowedHint = new("An administrator can add {0} to {1}.", "管理员可将 {0} 加入 {1}。");
    public static readonly Text SeenBefore = new(
        "This command was carried out before; nothing was done", "该命令已执行过，未重复执行");
    public static readonly Text DeliveryReused = new(
        "This delivery came before with another command; nothing was done", "该消息曾以其他命令送达，未执行任何操作");
    public static readonly Text CommandFailed = new("The app failed; its log says more", "应用出错，详情见日志");
    public static readonly Text CommandFailedHint = new("Ask for what is on record: pending", "查询当前记录：pending");

    public static readonly Text Mistake = new("I did not understand that, and did nothing", "未能理解该命令，未执行任何操作");
    public static readonly Text Understood = new("Understood: {0}", "已识别：{0}");
    public static readonly Text Wrong = new("Wrong: {0}", "有误：{0}");
    public static readonly Text Right = new("Right: {0}", "正确格式：{0}");
    public static readonly Text UnknownVerb = new("there is no command {0}; did you mean {1}?", "没有命令 {0}，是否想输入 {1}？");
    public static readonly Text UnknownVerbUnnamed = new(
        "the first word is no command; did you mean {0}?", "第一个词不是命令，是否想输入 {0}？");
    public static readonly Text UnknownWord = new(
        "word {0} is neither a CEN, an account id nor a region", "第 {0} 个词既不是 CEN，也不是账号 ID 或地域");
    public static readonly Text TwiceGiven = new("there is more than one {0}", "{0} 出现了多次");
    public static readonly Text MissingCen = new("the CEN is missing", "缺少 CEN");
    public static readonly Text MissingRegion = new("the region is missing, and there is no default", "缺少地域，且没有默认地域");
    public static readonly Text MissingRef = new("the reference is missing", "缺少编号");
    public static readonly Text BadRef = new(
        "word {0} is no reference: up to eight digits 0 to 9 and a to f, or a whole id",
        "第 {0} 个词不是编号：最多八位（0-9、a-f），或完整 ID");
    public static readonly Text BadCidr = new(
        "word {0} is no block of IPv4 addresses such as 192.168.1.0/24", "第 {0} 个词不是 IPv4 网段（如 192.168.1.0/24）");
    public static readonly Text BadOfficeSite = new("word {0} is no id of an office network", "第 {0} 个词不是办公网络 ID");
    public static readonly Text BadCode = new("word {0} can be no code", "第 {0} 个词不是验证码");
    public static readonly Text MissingWords = new("something is missing", "参数不完整");
    public static readonly Text TooManyWords = new("there are words too many", "多余的词");
    public static readonly Text TooLong = new("it is too long", "命令过长");

    public static readonly Text Word = new("{0}", "{0}");
    public static readonly Text WordCen = new("CEN {0}", "CEN {0}");
    public static readonly Text WordOwner = new("owner {0}", "所有者 {0}");
    public static readonly Text WordRegion = new("region {0}", "地域 {0}");
    public static readonly Text NameCen = new("CEN", "CEN");
    public static readonly Text NameOwner = new("account id", "账号 ID");
    public static readonly Text NameRegion = new("region", "地域");
    public static readonly Text Nothing = new("nothing", "无");

    public static readonly Text HelpHeadline = new("What I can do", "可用命令");
    public static readonly Text HelpSend = new(
        "{0}: ask for a code to be e-mailed to the owner of the CEN", "{0}：请求向 CEN 所有者邮寄验证码");
    public static readonly Text HelpResend = new("{0}: send the code again", "{0}：重新发送验证码");
    public static readonly Text HelpPending = new("{0}: list what is open", "{0}：列出未关闭的验证");
    public static readonly Text HelpShow = new("{0}: show one", "{0}：查看一条");
    public static readonly Text HelpCheck = new(
        "{0}: ask whether the code and the addresses are right", "{0}：检查验证码和网段");
    public static readonly Text HelpAttach = new("{0}: attach the CEN, and close", "{0}：绑定 CEN 并关闭");
    public static readonly Text HelpDone = new("{0}: close it, since the code was used", "{0}：验证码已使用，关闭");
    public static readonly Text HelpCancel = new("{0}: close it, since it is not needed any more", "{0}：不再需要，关闭");
    public static readonly Text HelpHelp = new("{0}: this", "{0}：本帮助");
    public static readonly Text HelpRef = new(
        "A reference may be shortened as long as it is unambiguous.", "编号可缩写，只要不产生歧义。");
    public static readonly Text HelpPublic = new(
        "With public at its end, Slack shows the answer to the whole channel.", "在末尾加 public，Slack 会向整个频道显示答复。");

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
    public static readonly Text TooManyChecks = new(
        "The code was checked too often lately; nothing was done", "验证码检查次数过多，未执行任何操作");
    public static readonly Text FreeBlocks = new("Free blocks: {0}", "可用网段：{0}");
    public static readonly Text ConflictsWith = new("Overlaps with {0} ({1})", "与 {0}（{1}）冲突");

    public static readonly Text Attached = new("{0} is attached to {1}, by {2}", "{0} 已绑定到 {1}，操作人：{2}");
    public static readonly Text AttachAccepted = new(
        "Alibaba has accepted the attachment of {0} and does not show it yet", "阿里云已接受 {0} 的绑定请求，尚未显示为已绑定");
    public static readonly Text UseInProgress = new(
        "A code is being sent, or the CEN is being attached; nothing was done", "正在发送验证码或绑定 CEN，未执行任何操作");
    public static readonly Text WithoutCen = new(
        "The verification names no CEN; nothing was done", "该验证未指定 CEN，未执行任何操作");
    public static readonly Text UseUnknown = new("It is not known whether Alibaba did it", "无法确认阿里云是否已执行");
    public static readonly Text UseUnknownHint = new(
        "Asked again, the app looks first whether the CEN is attached.", "再次请求时会先查询是否已绑定。");
    public static readonly Text UseRefused = new("Alibaba refused; nothing was done", "阿里云已拒绝，未执行任何操作");
    public static readonly Text MissingPermission = new(
        "The RAM user of the access key lacks the permission {0}.", "访问密钥的 RAM 用户缺少权限 {0}。");
    public static readonly Text UseNotDone = new("It was not done", "未执行");
}
