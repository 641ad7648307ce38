using '../../../../infra/main.bicep'

param environmentName = 'test'

// Everything below is invalid; the first line for the linter.
var unused = 1
param location = 'polandcentral'
param instanceMemory = 1024
param maximumInstances = 39
param reportLanguage = 'de'
param chatLanguage = 'fr'
param reportChannels = {
  slack: { kind: 'Slack' }
}
param chats = {
  Slack: { secrets: ['8f742231b10e8888abcd99yyyzzz85a5'] }
}
