using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'southeastasia'

// All other parameters, with a value that is not the default.
param tags = { team: 'networks' }
param principalId = '33333333-4444-5555-6666-777777777777'
param principalType = 'ServicePrincipal'
param vaultNameSuffix = '-2'
param deleteLock = true
param storageSku = 'Standard_LRS'
param zoneRedundant = true
param instanceMemory = 4096
param maximumInstances = 100
param alwaysReadyHttp = 2
param alwaysReadyTimer = true
param httpConcurrency = 50
param logRetention = 90
param dailyQuotaGb = 2
param credentialsSecretName = 'other-credentials'
param extraSettings = { Alibaba__Timeout: '00:00:20', KeyVault__CacheFor: '00:10:00' }
param sendingPaused = true
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
param chats = {
  Slack: { secretNames: ['slack', 'slack-new'], allowedUsers: ['U2CERLKJA', 'U2CERLKJB'] }
  Teams: { secretNames: ['teams'], allowedUsers: ['29:1234'] }
  DingTalk: { secretNames: ['dingtalk'], allowedUsers: ['manager4220'] }
  Feishu: {
    secretNames: ['feishu-key']
    settings: { AppId: 'cli_1' }
    secretSettings: { AppSecret: 'feishu-app', VerificationToken: 'feishu-token' }
  }
}
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
param maxKeyAge = 90
param availabilityTest = false
param monthlyBudget = 40
param budgetStart = '2027-01-01'
param allowedCallers = ['203.0.113.0/24', '198.51.100.7/32']
param allowedDeployers = ['192.0.2.0/28']
param privateNetwork = true
param fixedEgress = true
param networkAddresses = '10.99.0.0/24'
