using 'main.bicep'

// Set by azd, or in the environment.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'eds')
param location = readEnvironmentVariable('AZURE_LOCATION', 'southeastasia')

// An example with two chats and a report channel. Set their secrets in the vault first:
// param chatRegion = 'cn-hangzhou'
// param chats = {
//   Slack: { secretNames: ['slack-signing'], allowedUsers: ['U2CERLKJA'] }
//   DingTalk: { secretNames: ['dingtalk-app'], allowedUsers: ['manager4220'] }
// }
// param reportChannels = { ops: { kind: 'DingTalk', urlSecretName: 'dingtalk-url', signingSecretName: 'dingtalk-sign' } }
