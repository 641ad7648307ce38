// A network for the app: private endpoints for storage and vault, a NAT gateway with a fixed address, or both.

param name string
param location string
param tags object

@description('The address space, with at least 256 addresses.')
param addresses string

@description('Whether storage and vault have private endpoints.')
param privateEndpoints bool

@description('Whether requests are sent from one public address.')
param fixedEgress bool

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

resource address 'Microsoft.Network/publicIPAddresses@2024-07-01' = if (fixedEgress) {
  name: '${name}-egress'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2024-07-01' = if (fixedEgress) {
  name: '${name}-nat'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: address.id }] }
}

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
          natGateway: fixedEgress ? { id: gateway.id } : null
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
  for target in privateEndpoints ? [
    { groupId: 'blob', targetId: storage.id, zone: 'privatelink.blob.${storageSuffix}' }
    { groupId: 'table', targetId: storage.id, zone: 'privatelink.table.${storageSuffix}' }
    { groupId: 'vault', targetId: vault.id, zone: 'privatelink.${vaultSuffix}' }
  ] : []: {
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
output egressAddress string = address.?properties.ipAddress ?? ''
