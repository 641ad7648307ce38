// Everything that EdsFunctions needs in Azure, in a resource group of its own. No key and no secret passes through here: the app signs in
// with its identity, and secrets are put into the vault by whoever has them.
targetScope = 'subscription'

import {
  chat
  chatChannel
  reportChannel
  chatSettings
  listSettings
  channelSettings
  reportSettings
  secretSettings
} from 'modules/settings.bicep'

@description('Names the environment, and with it the resource group and all that is in it.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('The region of all resources; it must offer the Flex Consumption plan.')
@minLength(1)
@metadata({ azd: { type: 'location' } })
param location string

@description('Tags of all resources, beyond the one that azd asks for.')
param tags object = {}

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('How many instances there may be at once; fewer than 40 the plan does not take.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('How long logs are kept, in days.')
@minValue(30)
@maxValue(730)
param logRetention int = 30

@description('The secret with the Alibaba access key. The app reads it itself, so that a rotation needs no restart.')
@minLength(1)
@maxLength(127)
param credentialsSecretName string = 'alibaba-credentials'

@description('When the report runs: NCRONTAB of six fields, in UTC.')
@minLength(11)
param reportSchedule string = '0 */15 * * * *'

@description('Waiting longer than this is stale.')
@minLength(8)
param staleThreshold string = '00:30:00'

@description('How long before a report says the same again; doubles each time.')
@minLength(8)
param repeatAfter string = '04:00:00'

@description('How long after a send the next one for the same CEN is refused.')
@minLength(8)
param resendCooldown string = '00:01:00'

@description('How long a verification may wait before it is given up.')
@minLength(8)
param expireAfter string = '7.00:00:00'

@description('Complete what Alibaba shows as attached; needs the permission ecd:DescribeOfficeSites.')
param reconcile bool = false

@description('The language of reports.')
@allowed(['en', 'zh-CN'])
param reportLanguage string = 'en'

@description('The language of answers in chats.')
@allowed(['en', 'zh-CN'])
param chatLanguage string = 'en'

@description('The region where a command in a chat names none; none if empty.')
param chatRegion string = ''

@description('Chat channels with a region of their own.')
param chatChannels chatChannel[] = []

@description('Chats by the name of the platform, such as Slack; the route of one without a secret refuses.')
param chats { *: chat } = {}

@description('Where reports are sent, by a name of letters, digits and underscores.')
param reportChannels { *: reportChannel } = {}

@description('The secret with the address that is called after each good run; none if empty.')
@maxLength(127)
param heartbeatSecretName string = ''

@description('Secrets of Standard Webhooks.')
param standardWebhookSecretNames string[] = []

@description('Secrets of webhooks that are signed as those of GitHub are.')
param gitHubWebhookSecretNames string[] = []

@description('Who gets an e-mail when an alert fires, and when it ends; nobody if empty.')
param alertEmail string = ''

@description('Minutes between two reports, as reportSchedule has it: two missed ones are an alert.')
@minValue(1)
@maxValue(120)
param reportMinutes int = 15

@description('The only addresses that may call the app, as CIDR blocks; anyone may if empty. This goes for chats and webhooks as well.')
param allowedCallers string[] = []

@description('Reach storage and vault by private endpoints only. Secrets can then be set from within the network alone.')
param privateNetwork bool = false

@description('The addresses of the network: a block of at least 256.')
param networkAddresses string = '10.20.0.0/24'

var allTags = union(tags, { 'azd-env-name': environmentName })
var token = uniqueString(subscription().id, environmentName, location)
var identityName = 'id-${token}'
var storageName = 'st${token}'
var deploymentContainer = 'deployments'
var vaultName = 'kv-${token}'
var applicationInsightsName = 'appi-${token}'
var appName = 'func-${token}'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: identityName
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-${token}'
    applicationInsightsName: applicationInsightsName
    location: location
    tags: allTags
    retention: logRetention
    identityName: identityName
  }
  dependsOn: [identity]
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: storageName
    location: location
    tags: allTags
    deploymentContainer: deploymentContainer
    publicAccess: !privateNetwork
    identityName: identityName
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [identity]
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: vaultName
    location: location
    tags: allTags
    publicAccess: !privateNetwork
    identityName: identityName
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [identity]
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: 'vnet-${token}'
    location: location
    tags: allTags
    addresses: networkAddresses
    storageName: storageName
    vaultName: vaultName
  }
  dependsOn: [storage, vault]
}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    name: appName
    planName: 'plan-${token}'
    location: location
    tags: allTags
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    allowedCallers: allowedCallers
    subnetId: network.?outputs.appSubnetId
    identityName: identityName
    storageName: storageName
    deploymentContainer: deploymentContainer
    vaultName: vaultName
    workspaceId: monitoring.outputs.workspaceId
    applicationInsightsName: applicationInsightsName
    settings: union(
      {
        KeyVault__CredentialsSecretName: credentialsSecretName
        Verifications__ResendCooldown: resendCooldown
        Verifications__ExpireAfter: expireAfter
        StaleReportSchedule: reportSchedule
        StaleReport__Threshold: staleThreshold
        StaleReport__RepeatAfter: repeatAfter
        StaleReport__Language: reportLanguage
        ChatOps__Language: chatLanguage
        Reconcile__Enabled: string(reconcile)
      },
      empty(chatRegion) ? {} : { ChatOps__DefaultRegion: chatRegion },
      channelSettings(chatChannels),
      chatSettings(chats, vaultName),
      reportSettings(reportChannels, vaultName),
      secretSettings('StaleReport__HeartbeatUrl', heartbeatSecretName, vaultName),
      listSettings('Webhooks__StandardSecrets', standardWebhookSecretNames, vaultName),
      listSettings('Webhooks__GitHubSecrets', gitHubWebhookSecretNames, vaultName)
    )
  }
  dependsOn: [identity, storage, vault]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    alertEmail: alertEmail
    reportMinutes: reportMinutes
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_KEY_VAULT_NAME string = vaultName
output AZURE_KEY_VAULT_ENDPOINT string = vault.outputs.uri
output AZURE_LOG_ANALYTICS_WORKSPACE_ID string = monitoring.outputs.workspaceId
output AZURE_APPLICATION_INSIGHTS_ID string = monitoring.outputs.applicationInsightsId
output AZURE_FUNCTION_APP_NAME string = appName
output SERVICE_API_URI string = app.outputs.uri
