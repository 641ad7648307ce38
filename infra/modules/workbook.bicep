metadata description = 'A workbook: stale verifications, sends, times to completion, last report, age of the access key.'

@description('The region of the workbook, which is that of the workspace.')
param location string

@description('Tags of the workbook.')
param tags object

@description('The resource ID of the Log Analytics workspace.')
param workspaceId string

// One file per query, which tests read, too.
var queries = {
  OPEN_BY_AGE: loadTextContent('../queries/open-by-age.kql')
  SENDS_BY_OUTCOME: loadTextContent('../queries/sends-by-outcome.kql')
  TIME_TO_COMPLETION: loadTextContent('../queries/time-to-completion.kql')
  LAST_REPORT: loadTextContent('../queries/last-report.kql')
  VAULT_AGE: loadTextContent('../queries/vault-age.kql')
}

var template = loadJsonContent('../workbook.json')
var tiles = map(
  template.items,
  item => item.type == 3 ? union(item, { content: union(item.content, { query: queries[item.content.query] }) }) : item
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // The name of a workbook must be a GUID, and stay the same at each deployment.
  name: guid(resourceGroup().id, 'eds-functions')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'EdsFunctions'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: string(union(template, { items: tiles, fallbackResourceIds: [workspaceId] }))
  }
}

@description('The resource ID of the workbook.')
output workbookId string = workbook.id
