// The Functions app on a Flex Consumption plan.

param name string
param planName string
param location string
param tags object

@description('The memory of an instance, in MB.')
param instanceMemory int

param maximumInstances int

@description('Whether instances are spread over zones.')
param zoneRedundant bool

@description('The instances that are always ready for HTTP.')
param alwaysReadyHttp int

@description('Whether an instance is always ready for the timer.')
param alwaysReadyTimer bool

@description('The requests that an instance handles at the same time.')
param httpConcurrency int

@description('CIDR blocks that can call the app; all addresses if empty.')
param allowedCallers string[]

@description('CIDR blocks that can reach the deployment endpoint; all addresses if empty.')
param allowedDeployers string[]

@description('The subnet of the app; null without a network.')
param subnetId string?

param identityName string
param storageName string
param deploymentContainer string
param vaultName string
param workspaceId string
param applicationInsightsName string

@description('App settings, besides those of the resources.')
param settings object

@description('App settings that replace all others.')
param extraSettings { *: string }

// parseCidr fails for an invalid block.
func allow(blocks string[]) object[] =>
  map(blocks, (block, i) => {
    name: 'allowed-${i}'
    priority: 100 + i
    action: 'Allow'
    ipAddress: '${parseCidr(block).network}/${parseCidr(block).cidr}'
  })

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: subnetId
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: concat(
          alwaysReadyHttp > 0 ? [{ name: 'http', instanceCount: alwaysReadyHttp }] : [],
          alwaysReadyTimer ? [{ name: 'function:StaleVerificationReport', instanceCount: 1 }] : []
        )
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
    // Flex Consumption has no FTP, and Azure rejects the property ftpsState.
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ipSecurityRestrictionsDefaultAction: empty(allowedCallers) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: allow(allowedCallers)
      scmIpSecurityRestrictionsDefaultAction: empty(allowedDeployers) ? 'Allow' : 'Deny'
      scmIpSecurityRestrictions: allow(allowedDeployers)
    }
  }

  // Azure has rejected these without a location, which the type does not list.
  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    #disable-next-line BCP187
    location: location
    properties: { allow: false }
  }

  resource noScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    #disable-next-line BCP187
    location: location
    properties: { allow: false }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, {
      // The storage of the host. A setting AzureWebJobsStorage, even an empty one, would take precedence.
      AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.properties.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      KeyVault__Uri: vault.properties.vaultUri
      // Also used for the table.
      KeyVault__ManagedIdentityClientId: identity.properties.clientId
      Verifications__Store: 'Table'
      Verifications__TableServiceUri: storage.properties.primaryEndpoints.table
    }, extraSettings)
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}

output uri string = 'https://${app.properties.defaultHostName}'
