// A network for the app, with private endpoints for storage and vault.

param name string
param location string
param tags object

@description('The address space, with at least 256 addresses.')
param addresses string

param storageName string
param vaultName string

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

var storageSuffix = environment().suffixes.storage
var vaultSuffix = replace(environment().suffixes.keyvaultDns, '.vault.', 'vaultcore.')

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addresses] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addresses, 25, 0)
          delegations: [
            { name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addresses, 27, 4)
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

module endpoints 'endpoint.bicep' = [
  for target in [
    { groupId: 'blob', targetId: storage.id, zone: 'privatelink.blob.${storageSuffix}' }
    { groupId: 'table', targetId: storage.id, zone: 'privatelink.table.${storageSuffix}' }
    { groupId: 'vault', targetId: vault.id, zone: 'privatelink.${vaultSuffix}' }
  ]: {
    params: {
      name: '${name}-${target.groupId}'
      location: location
      tags: tags
      groupId: target.groupId
      targetId: target.targetId
      zoneName: target.zone
      networkId: network.id
      subnetId: network::endpointSubnet.id
    }
  }
]

output appSubnetId string = network::appSubnet.id
