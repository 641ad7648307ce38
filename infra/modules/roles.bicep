// Built-in roles by their IDs. Each is assigned on one resource: to the app's identity, the last one to the deployer.

@export()
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

@export()
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

@export()
var vaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

@export()
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

@export()
var vaultSecretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
