metadata description = 'The workbook: what waits, what was sent, how long it took, when the last report was, how old the access key is.'

@description('Where the workbook is kept; that of the workspace.')
param location string

@description('On the workbook.')
param tags object

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

// One file per query, so that what is read here is what is tested.
var queries = {
  OPEN_BY_AGE: loadTextContent('../queries/open-by-age.kql')
  SENDS_BY_OUTCOME: loadTextContent('../queries/sends-by-outcome.kql')
  TIME_TO_COMPLETION: loadTextContent('../queries/time-to-completion.kql')
  LAST_REPORT: loadTextContent('../queries/last-report.kql')
  VAULT_AGE: loadTextContent('../queries/vault-age.kql')
}

var book = loadJsonContent('../workbook.json')
var tiles = map(
  book.items,
  item => item.type == 3 ? union(item, { content: union(item.content, { query: queries[item.content.query] }) }) : item
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // A workbook is named by a GUID; the same one at every deployment.
  name: guid(resourceGroup().id, 'eds-functions')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'EdsFunctions'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: string(union(book, { items: tiles, fallbackResourceIds: [workspaceId] }))
  }
}

@description('Resource id of the workbook.')
output workbookId string = workbook.id
