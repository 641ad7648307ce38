using '../../../../infra/main.bicep'

// What has no default.
param environmentName = 'test'
param location = 'southeastasia'
