using 'main.bicep'

// azd keeps these; without it they come from the environment.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'eds')
param location = readEnvironmentVariable('AZURE_LOCATION', 'southeastasia')

// Two chats and a channel, once their secrets are in the vault:
// param chatRegion = 'cn-hangzhou'
// param chats = {
//   Slack: { secretNames: ['slack-signing'], allowedUsers: ['U2CERLKJA'] }
//   DingTalk: { secretNames: ['dingtalk-app'], allowedUsers: ['manager4220'] }
// }
// param reportChannels = { ops: { kind: 'DingTalk', urlSecretName: 'dingtalk-url', signingSecretName: 'dingtalk-sign' } }
