// All Azure resources of EdsFunctions, in their own resource group. The template contains no keys and no secrets: the
// app signs in with its identity, and secrets are set in the vault.
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

@description('The name of the environment, which is part of the names of the resource group and the resources.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('The region of all resources: one that has the Flex Consumption plan and Application Insights.')
@allowed([
  'australiaeast'
  'australiasoutheast'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'southindia'
  'spaincentral'
  'swedencentral'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
])
@metadata({ azd: { type: 'location' } })
param location string

@description('Tags of all resources, besides the tag of azd.')
param tags object = {}

@description('The object ID of a user, group or service principal that can set secrets, such as the deployer; none if empty.')
param principalId string = ''

@description('The type of that principal. Azure needs it to assign a role to a principal that was just created.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

@description('A suffix for the name of the vault, whose name stays taken for 90 days after it is deleted.')
@maxLength(8)
param vaultNameSuffix string = ''

@description('Protects storage and vault from deletion with a lock.')
param deleteLock bool = false

@description('The redundancy of storage; if empty, over the zones of the region if it has any. Azure does not change it later.')
@allowed(['', 'Standard_LRS', 'Standard_ZRS'])
param storageSku string = ''

@description('Spreads instances over zones. Azure then keeps two instances ready for HTTP and two for the timer, and charges for them.')
param zoneRedundant bool = false

@description('The memory of an instance, in MB. The app uses about 120.')
@allowed([512, 2048, 4096])
param instanceMemory int = 512

@description('The maximum number of instances. The plan requires at least 40.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('The instances that are always ready for HTTP, so that chats do not wait for a start.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttp int = 0

@description('Keeps an instance ready for the timer.')
param alwaysReadyTimer bool = false

@description('The requests that an instance handles at the same time. Requests mostly wait for other services.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 16

@description('The retention of logs, in days.')
@minValue(30)
@maxValue(730)
param logRetention int = 30

@description('The most logs in a day, in GB; unlimited if -1. Beyond it, alerts see no metrics until the next day.')
@minValue(-1)
param dailyQuotaGb int = -1

@description('The name of the secret with the Alibaba Cloud access key. The app reads it, so a rotation needs no restart.')
@minLength(1)
@maxLength(127)
param credentialsSecretName string = 'alibaba-credentials'

@description('App settings without a parameter of their own; they replace others.')
param extraSettings { *: string } = {}

@description('Stops all e-mails: every send and resend is refused.')
param sendingPaused bool = false

@description('The schedule of reports: an NCRONTAB expression of six fields, in UTC.')
@minLength(11)
param reportSchedule string = '0 */15 * * * *'

@description('The age from which a verification is stale, as a time span.')
@minLength(8)
param staleThreshold string = '00:30:00'

@description('The time until the first reminder, as a time span. It doubles with each reminder.')
@minLength(8)
param repeatAfter string = '04:00:00'

@description('The minimum time between two e-mails for the same CEN, as a time span.')
@minLength(8)
param resendCooldown string = '00:01:00'

@description('The age at which an open verification expires, as a time span.')
@minLength(8)
param expireAfter string = '7.00:00:00'

@description('Completes verifications whose CEN Alibaba Cloud lists as attached. Requires ecd:DescribeOfficeSites.')
param reconcile bool = false

@description('The language of reports.')
@allowed(['en', 'zh-CN'])
param reportLanguage string = 'en'

@description('The language of replies in chats.')
@allowed(['en', 'zh-CN'])
param chatLanguage string = 'en'

@description('The default region of chat commands; none if empty.')
param chatRegion string = ''

@description('Chat channels with their own default region.')
param chatChannels chatChannel[] = []

@description('Chats by the name of the platform, such as Slack. Without a secret, commands are rejected.')
param chats { *: chat } = {}

@description('Report channels by a name of letters, digits and underscores.')
param reportChannels { *: reportChannel } = {}

@description('The name of the secret with the URL that is called after each successful run; none if empty.')
@maxLength(127)
param heartbeatSecretName string = ''

@description('Names of the secrets of Standard Webhooks.')
param standardWebhookSecretNames string[] = []

@description('Names of the secrets of webhooks that are signed like those of GitHub.')
param gitHubWebhookSecretNames string[] = []

@description('The e-mail address that is notified when an alert fires or resolves; none if empty.')
param alertEmail string = ''

@description('The age of an access key without an expiry, in days, from which an alert asks for a rotation.')
@minValue(15)
param maxKeyAge int = 365

@description('Requests api/health every 15 minutes from three locations, unless allowedCallers is set. Off by default where it is uncertain whether the region has availability tests.')
param availabilityTest bool = !contains(['italynorth', 'spaincentral'], location)

@description('The monthly budget of the resource group in the currency of the subscription, whose owners are notified; none if 0.')
@minValue(0)
param monthlyBudget int = 0

@description('The first day of the month in which the budget starts, such as 2027-01-01.')
param budgetStart string = ''

@description('CIDR blocks that can call the app, including chats and webhooks; all addresses if empty.')
param allowedCallers string[] = []

@description('CIDR blocks that can deploy code; all addresses if empty. A deployment also needs a role on the app.')
param allowedDeployers string[] = []

@description('Restricts storage and vault to private endpoints. Secrets can then be set from the network only.')
param privateNetwork bool = false

@description('Sends all requests from one public address, the output AZURE_EGRESS_ADDRESS, through a NAT gateway.')
param fixedEgress bool = false

@description('The address space of the network, with at least 256 addresses.')
param networkAddresses string = '10.20.0.0/24'

var allTags = union(tags, { 'azd-env-name': environmentName })
var token = uniqueString(subscription().id, environmentName, location)
var identityName = 'id-${token}'
var storageName = 'st${token}'
var deploymentContainer = 'deployments'
var vaultName = 'kv-${token}${vaultNameSuffix}'
var applicationInsightsName = 'appi-${token}'
var appName = 'func-${token}'
var regionsWithoutZones = [
  'australiasoutheast'
  'northcentralus'
  'southindia'
  'ukwest'
  'westus'
]
var zonedSku = contains(regionsWithoutZones, location) ? 'Standard_LRS' : 'Standard_ZRS'

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
    dailyQuotaGb: dailyQuotaGb
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
    sku: empty(storageSku) ? zonedSku : storageSku
    deleteLock: deleteLock
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
    deleteLock: deleteLock
    principalId: principalId
    principalType: principalType
    publicAccess: !privateNetwork
    identityName: identityName
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [identity]
}

module network 'modules/network.bicep' = if (privateNetwork || fixedEgress) {
  scope: group
  params: {
    name: 'vnet-${token}'
    location: location
    tags: allTags
    addresses: networkAddresses
    privateEndpoints: privateNetwork
    fixedEgress: fixedEgress
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
    zoneRedundant: zoneRedundant
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    alwaysReadyHttp: alwaysReadyHttp
    alwaysReadyTimer: alwaysReadyTimer
    httpConcurrency: httpConcurrency
    allowedCallers: allowedCallers
    allowedDeployers: allowedDeployers
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
      sendingPaused ? { Verifications__SendingPaused: 'true' } : {},
      empty(chatRegion) ? {} : { ChatOps__DefaultRegion: chatRegion },
      channelSettings(chatChannels),
      chatSettings(chats, vaultName),
      reportSettings(reportChannels, vaultName),
      secretSettings('StaleReport__HeartbeatUrl', heartbeatSecretName, vaultName),
      listSettings('Webhooks__StandardSecrets', standardWebhookSecretNames, vaultName),
      listSettings('Webhooks__GitHubSecrets', gitHubWebhookSecretNames, vaultName)
    )
    extraSettings: extraSettings
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
    maxKeyAge: maxKeyAge
    monthlyBudget: monthlyBudget
    budgetStart: budgetStart
  }
}

module availability 'modules/availability.bicep' = if (availabilityTest && empty(allowedCallers)) {
  scope: group
  params: {
    name: 'health-${token}'
    location: location
    tags: allTags
    applicationInsightsName: applicationInsightsName
    url: '${app.outputs.uri}/api/health'
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
output AZURE_STORAGE_TABLE_ENDPOINT string = storage.outputs.tableEndpoint
output AZURE_EGRESS_ADDRESS string = network.?outputs.egressAddress ?? ''
output ALERTS_ARE_SENT_TO string = empty(alertEmail) ? 'No one. Set alertEmail (EDS_ALERT_EMAIL).' : alertEmail
output SERVICE_API_URI string = app.outputs.uri
