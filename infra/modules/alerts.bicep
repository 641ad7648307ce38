metadata description = 'Who is told, and of what: four log searches over the workspace.'

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
    title: 'A verification waits too long'
    severity: 2
    // Three intervals of the default schedule, so that one late run does not resolve the alert.
    window: reportMinutes <= 15 ? 'PT45M' : 'PT6H'
    query: loadTextContent('../queries/alert-stale.kql')
    todo: 'An owner has not answered. See what waits with GET /api/reports/stale, ask the owner, then complete or cancel it. infra/README.md, "A verification waits too long".'
  }
  {
    name: 'eds-report-missing'
    title: 'The report has not succeeded for two intervals'
    severity: 1
    window: 'PT6H'
    query: replace(loadTextContent('../queries/alert-report-missing.kql'), 'REPORT_MINUTES', string(reportMinutes))
    todo: 'Nobody is told what waits. See whether the app runs, whether its store answers, and which channel refuses. infra/README.md, "The report is missing".'
  }
  {
    name: 'eds-refused'
    title: 'Alibaba refuses, or there is no key'
    severity: 1
    window: 'PT15M'
    query: loadTextContent('../queries/alert-refused.kql')
    todo: 'No code goes out until someone mends the access key, its RAM policy, the secret in the vault or the clock. infra/README.md, "Alibaba refuses".'
  }
  {
    name: 'eds-unknown-outcome'
    title: 'Nobody knows whether Alibaba did it'
    severity: 2
    window: 'PT15M'
    query: loadTextContent('../queries/alert-unknown.kql')
    todo: 'An e-mail may or may not have gone out. Ask the owner before the code is sent anew. infra/README.md, "An outcome is unknown".'
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
