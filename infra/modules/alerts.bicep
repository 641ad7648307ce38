metadata description = 'Alerts: four log searches over the workspace, and the action group that they notify.'

@description('Where the rules are kept; that of the workspace.')
param location string

@description('On every resource.')
param tags object

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Who gets an e-mail when an alert fires and when it resolves; empty for an action group without a receiver.')
param alertEmail string

@description('Minutes between two runs of the report, as in StaleReportSchedule. Two missed ones are an alert.')
@minValue(1)
@maxValue(120)
param reportMinutes int = 15

var rules = [
  {
    name: 'eds-stale-verification'
    title: 'A verification is stale'
    severity: 2
    // Three intervals of the default schedule, so that one late run does not resolve the alert.
    window: reportMinutes <= 15 ? 'PT45M' : 'PT6H'
    query: loadTextContent('../queries/alert-stale.kql')
    todo: 'An owner has not used the code. List stale verifications with GET /api/reports/stale, ask the owner, then complete, attach or cancel. docs/operations.md, "A verification is stale".'
  }
  {
    name: 'eds-report-missing'
    title: 'The report has not succeeded for two intervals'
    severity: 1
    window: 'PT6H'
    query: replace(loadTextContent('../queries/alert-report-missing.kql'), 'REPORT_MINUTES', string(reportMinutes))
    todo: 'No report of stale verifications has succeeded. Check whether the app runs, whether its store is available, and which channel rejects reports. docs/operations.md, "The report is missing".'
  }
  {
    name: 'eds-refused'
    title: 'Alibaba Cloud rejects requests, or there is no access key'
    severity: 1
    window: 'PT15M'
    query: loadTextContent('../queries/alert-refused.kql')
    todo: 'No code is sent until the access key, its RAM policy, the secret in the vault or the clock is fixed. docs/operations.md, "Alibaba Cloud rejects requests".'
  }
  {
    name: 'eds-unknown-outcome'
    title: 'The outcome of a call to Alibaba Cloud is unknown'
    severity: 2
    window: 'PT15M'
    query: loadTextContent('../queries/alert-unknown.kql')
    todo: 'An e-mail may have been sent. Ask the owner before you resend the code. docs/operations.md, "An outcome is unknown".'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'eds-functions'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'eds'
    enabled: true
    emailReceivers: empty(alertEmail)
      ? []
      : [
          {
            name: 'on-duty'
            emailAddress: alertEmail
            useCommonAlertSchema: true
          }
        ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: rule.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.todo
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      autoMitigate: true
      // The tables come with the first telemetry, which is after the first deployment.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [people.id]
      }
    }
  }
]

@description('Resource id of the action group, for receivers that are added by hand.')
output actionGroupId string = people.id
