namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>One and the same report as each platform is to get it, in both languages, written by hand.</summary>
internal static class ExpectedPayloads
{
    /// <summary>The id of the verification that is reported.</summary>
    public const string Id = "01a20d6d-5a00-7c35-92ea-5e7189cb00bb";

    public static string Of(ReportChannelKind kind, string language) => (kind, language) switch
    {
        (ReportChannelKind.Slack, "en") => SlackEnglish,
        (ReportChannelKind.Slack, _) => SlackChinese,
        (ReportChannelKind.Teams, "en") => TeamsEnglish,
        (ReportChannelKind.Teams, _) => TeamsChinese,
        (ReportChannelKind.DingTalk, "en") => DingTalkEnglish,
        (ReportChannelKind.DingTalk, _) => DingTalkChinese,
        (ReportChannelKind.Feishu, "en") => FeishuEnglish,
        (ReportChannelKind.Feishu, _) => FeishuChinese,
        // For programs, which read no language.
        _ => Webhook,
    };

    private const string SlackEnglish =
        """
        {
          "text": "Verifications that wait too long: 1, the oldest for 34 min",
          "mrkdwn": false,
          "blocks": [
            {
              "type": "header",
              "text": {"type": "plain_text", "text": "Verifications that wait too long: 1, the oldest for 34 min", "emoji": false}
            },
            {
              "type": "rich_text",
              "elements": [
                {
                  "type": "rich_text_section",
                  "elements": [{"type": "text", "text": "Ask the owner of the CEN for the code, then close the verification."}]
                }
              ]
            },
            {
              "type": "rich_text",
              "elements": [
                {
                  "type": "rich_text_section",
                  "elements": [
                    {"type": "text", "text": "89cb00bb · cen-3weq30r6t0s7t4abcd in cn-hangzhou", "style": {"bold": true}},
                    {"type": "text", "text": "\nState: waiting for the code"},
                    {"type": "text", "text": "\nWaiting: 34 min, since 2026-11-24 12:00 UTC"},
                    {"type": "text", "text": "\nOwner: ************3456"},
                    {"type": "text", "text": "\nAsked by: alice"},
                    {"type": "text", "text": "\nNote: office in Hangzhou"},
                    {"type": "text", "text": "\nAlibaba request: R-1"},
                    {"type": "text", "text": "\nWhen it is done, type: "},
                    {"type": "text", "text": "done 89cb00bb", "style": {"code": true}}
                  ]
                }
              ]
            }
          ]
        }
        """;

    private const string SlackChinese =
        """
        {
          "text": "等待过久的验证：1 条，最久已等待 34 分钟",
          "mrkdwn": false,
          "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "等待过久的验证：1 条，最久已等待 34 分钟", "emoji": false}},
            {
              "type": "rich_text",
              "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "请向 CEN 所有者索取验证码，完成后关闭该验证。"}]}]
            },
            {
              "type": "rich_text",
              "elements": [
                {
                  "type": "rich_text_section",
                  "elements": [
                    {"type": "text", "text": "89cb00bb · cn-hangzhou 的 cen-3weq30r6t0s7t4abcd", "style": {"bold": true}},
                    {"type": "text", "text": "\n状态: 等待验证码"},
                    {"type": "text", "text": "\n已等待: 34 分钟，自 2026-11-24 12:00（UTC）"},
                    {"type": "text", "text": "\n所有者: ************3456"},
                    {"type": "text", "text": "\n发起人: alice"},
                    {"type": "text", "text": "\n备注: office in Hangzhou"},
                    {"type": "text", "text": "\n阿里云请求 ID: R-1"},
                    {"type": "text", "text": "\n完成后请输入: "},
                    {"type": "text", "text": "done 89cb00bb", "style": {"code": true}}
                  ]
                }
              ]
            }
          ]
        }
        """;

    private const string TeamsEnglish =
        """
        {
          "type": "message",
          "attachments": [
            {
              "contentType": "application/vnd.microsoft.card.adaptive",
              "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "msteams": {"width": "Full"},
                "body": [
                  {
                    "type": "RichTextBlock",
                    "inlines": [
                      {
                        "type": "TextRun",
                        "text": "Verifications that wait too long: 1, the oldest for 34 min",
                        "weight": "Bolder",
                        "size": "Medium"
                      }
                    ]
                  },
                  {
                    "type": "RichTextBlock",
                    "inlines": [{"type": "TextRun", "text": "Ask the owner of the CEN for the code, then close the verification."}]
                  },
                  {
                    "type": "Container",
                    "separator": true,
                    "items": [
                      {
                        "type": "RichTextBlock",
                        "inlines": [{"type": "TextRun", "text": "89cb00bb · cen-3weq30r6t0s7t4abcd in cn-hangzhou", "weight": "Bolder"}]
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "State: ", "isSubtle": true},
                          {"type": "TextRun", "text": "waiting for the code"}
                        ],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "Waiting: ", "isSubtle": true},
                          {"type": "TextRun", "text": "34 min, since 2026-11-24 12:00 UTC"}
                        ],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "Owner: ", "isSubtle": true},
                          {"type": "TextRun", "text": "************3456"}
                        ],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [{"type": "TextRun", "text": "Asked by: ", "isSubtle": true}, {"type": "TextRun", "text": "alice"}],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "Note: ", "isSubtle": true},
                          {"type": "TextRun", "text": "office in Hangzhou"}
                        ],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "Alibaba request: ", "isSubtle": true},
                          {"type": "TextRun", "text": "R-1"}
                        ],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "When it is done, type: ", "isSubtle": true},
                          {"type": "TextRun", "text": "done 89cb00bb", "fontType": "Monospace"}
                        ],
                        "spacing": "None"
                      }
                    ]
                  }
                ]
              }
            }
          ]
        }
        """;

    private const string TeamsChinese =
        """
        {
          "type": "message",
          "attachments": [
            {
              "contentType": "application/vnd.microsoft.card.adaptive",
              "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "msteams": {"width": "Full"},
                "body": [
                  {
                    "type": "RichTextBlock",
                    "inlines": [{"type": "TextRun", "text": "等待过久的验证：1 条，最久已等待 34 分钟", "weight": "Bolder", "size": "Medium"}]
                  },
                  {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "请向 CEN 所有者索取验证码，完成后关闭该验证。"}]},
                  {
                    "type": "Container",
                    "separator": true,
                    "items": [
                      {
                        "type": "RichTextBlock",
                        "inlines": [{"type": "TextRun", "text": "89cb00bb · cn-hangzhou 的 cen-3weq30r6t0s7t4abcd", "weight": "Bolder"}]
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [{"type": "TextRun", "text": "状态: ", "isSubtle": true}, {"type": "TextRun", "text": "等待验证码"}],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "已等待: ", "isSubtle": true},
                          {"type": "TextRun", "text": "34 分钟，自 2026-11-24 12:00（UTC）"}
                        ],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "所有者: ", "isSubtle": true},
                          {"type": "TextRun", "text": "************3456"}
                        ],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [{"type": "TextRun", "text": "发起人: ", "isSubtle": true}, {"type": "TextRun", "text": "alice"}],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "备注: ", "isSubtle": true},
                          {"type": "TextRun", "text": "office in Hangzhou"}
                        ],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [{"type": "TextRun", "text": "阿里云请求 ID: ", "isSubtle": true}, {"type": "TextRun", "text": "R-1"}],
                        "spacing": "None"
                      },
                      {
                        "type": "RichTextBlock",
                        "inlines": [
                          {"type": "TextRun", "text": "完成后请输入: ", "isSubtle": true},
                          {"type": "TextRun", "text": "done 89cb00bb", "fontType": "Monospace"}
                        ],
                        "spacing": "None"
                      }
                    ]
                  }
                ]
              }
            }
          ]
        }
        """;

    private const string DingTalkEnglish =
        """
        {
          "msgtype": "markdown",
          "markdown": {
            "title": "Verifications that wait too long: 1, the oldest for 34 min",
            "text": "### Verifications that wait too long: 1, the oldest for 34 min\n\nAsk the owner of the CEN for the code, then close the verification.\n\n**\u200B89cb00bb · cen-3weq30r6t0s7t4abcd in cn-hangzhou**  \nState: waiting for the code  \nWaiting: \u200B34 min, since 2026-11-24 12:00 UTC  \nOwner: ＊＊＊＊＊＊＊＊＊＊＊＊3456  \nAsked by: alice  \nNote: office in Hangzhou  \nAlibaba request: R-1  \nWhen it is done, type: **done 89cb00bb**"
          },
          "at": {"atMobiles": [], "atUserIds": [], "isAtAll": false}
        }
        """;

    private const string DingTalkChinese =
        """
        {
          "msgtype": "markdown",
          "markdown": {
            "title": "等待过久的验证：1 条，最久已等待 34 分钟",
            "text": "### 等待过久的验证：1 条，最久已等待 34 分钟\n\n请向 CEN 所有者索取验证码，完成后关闭该验证。\n\n**\u200B89cb00bb · cn-hangzhou 的 cen-3weq30r6t0s7t4abcd**  \n状态: 等待验证码  \n已等待: \u200B34 分钟，自 2026-11-24 12:00（UTC）  \n所有者: ＊＊＊＊＊＊＊＊＊＊＊＊3456  \n发起人: alice  \n备注: office in Hangzhou  \n阿里云请求 ID: R-1  \n完成后请输入: **done 89cb00bb**"
          },
          "at": {"atMobiles": [], "atUserIds": [], "isAtAll": false}
        }
        """;

    private const string FeishuEnglish =
        """
        {
          "msg_type": "post",
          "content": {
            "post": {
              "zh_cn": {
                "title": "Verifications that wait too long: 1, the oldest for 34 min",
                "content": [
                  [{"tag": "text", "text": "Ask the owner of the CEN for the code, then close the verification."}],
                  [{"tag": "text", "text": "89cb00bb · cen-3weq30r6t0s7t4abcd in cn-hangzhou", "style": ["bold"]}],
                  [{"tag": "text", "text": "State: waiting for the code"}],
                  [{"tag": "text", "text": "Waiting: 34 min, since 2026-11-24 12:00 UTC"}],
                  [{"tag": "text", "text": "Owner: ************3456"}],
                  [{"tag": "text", "text": "Asked by: alice"}],
                  [{"tag": "text", "text": "Note: office in Hangzhou"}],
                  [{"tag": "text", "text": "Alibaba request: R-1"}],
                  [{"tag": "text", "text": "When it is done, type: done 89cb00bb"}]
                ]
              }
            }
          }
        }
        """;

    private const string FeishuChinese =
        """
        {
          "msg_type": "post",
          "content": {
            "post": {
              "zh_cn": {
                "title": "等待过久的验证：1 条，最久已等待 34 分钟",
                "content": [
                  [{"tag": "text", "text": "请向 CEN 所有者索取验证码，完成后关闭该验证。"}],
                  [{"tag": "text", "text": "89cb00bb · cn-hangzhou 的 cen-3weq30r6t0s7t4abcd", "style": ["bold"]}],
                  [{"tag": "text", "text": "状态: 等待验证码"}],
                  [{"tag": "text", "text": "已等待: 34 分钟，自 2026-11-24 12:00（UTC）"}],
                  [{"tag": "text", "text": "所有者: ************3456"}],
                  [{"tag": "text", "text": "发起人: alice"}],
                  [{"tag": "text", "text": "备注: office in Hangzhou"}],
                  [{"tag": "text", "text": "阿里云请求 ID: R-1"}],
                  [{"tag": "text", "text": "完成后请输入: done 89cb00bb"}]
                ]
              }
            }
          }
        }
        """;

    private const string Webhook =
        """
        {
          "type": "verifications.stale",
          "timestamp": "2026-11-24T12:34:00Z",
          "data": {
            "at": "2026-11-24T12:34:00Z",
            "thresholdSeconds": 1800,
            "staleCount": 1,
            "dueCount": 1,
            "oldestWaitingSeconds": 2040,
            "items": [
              {
                "verification": {
                  "id": "01a20d6d-5a00-7c35-92ea-5e7189cb00bb",
                  "ref": "89cb00bb",
                  "state": "pending",
                  "open": true,
                  "regionId": "cn-hangzhou",
                  "cenId": "cen-3weq30r6t0s7t4abcd",
                  "cenOwnerId": "************3456",
                  "requestId": "R-1",
                  "sendCount": 1,
                  "createdAt": "2026-11-24T12:00:00Z",
                  "lastSentAt": "2026-11-24T12:00:00Z",
                  "waitingSince": "2026-11-24T12:00:00Z",
                  "requestedBy": "alice",
                  "note": "office in Hangzhou",
                  "reportCount": 0
                },
                "waiting": "34 min",
                "waitingSeconds": 2040,
                "due": true,
                "nextReportAt": "2026-11-24T12:34:00Z"
              }
            ],
            "more": 0
          }
        }
        """;
}
