using '../../../../infra/main.bicep'

// The parameters without a default.
param environmentName = 'test'
param location = 'southeastasia'
