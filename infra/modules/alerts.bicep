metadata description = 'Alert rules on log queries, and the action group that they notify.'

@description('The region of the rules, which is that of the workspace.')
param location string

@description('Tags of all resources.')
param tags object

@description('The resource ID of the Log Analytics workspace.')
param workspaceId string

@description('The e-mail address that is notified when an alert fires or resolves; none if empty.')
param alertEmail string

@description('The minutes between two reports in StaleReportSchedule. Two missed reports fire an alert.')
@minValue(1)
@maxValue(120)
param reportMinutes int = 15

var rules = [
  {
    name: 'eds-stale-verification'
    title: 'A verification is stale'
    severity: 2
    // Three intervals of the default schedule, so that a late run does not resolve the alert.
    window: reportMinutes <= 15 ? 'PT45M' : 'PT6H'
    query: loadTextContent('../queries/alert-stale.kql')
    action: 'An owner has not sent the code. List stale verifications with GET /api/reports/stale, ask the owner, then complete, attach or cancel it. docs/operations.md, "A verification is stale".'
  }
  {
    name: 'eds-report-missing'
    title: 'Two reports in a row are missing'
    severity: 1
    window: 'PT6H'
    query: replace(loadTextContent('../queries/alert-report-missing.kql'), 'REPORT_MINUTES', string(reportMinutes))
    action: 'Stale verifications are not reported. Check whether the app runs, whether its store is available, and which channel rejects reports. docs/operations.md, "The report is missing".'
  }
  {
    name: 'eds-refused'
    title: 'Alibaba Cloud rejects requests, or the access key is unavailable'
    severity: 1
    window: 'PT15M'
    query: loadTextContent('../queries/alert-rejected.kql')
    action: 'Codes cannot be sent. Fix the access key, its RAM policy, the secret in the vault or the clock. docs/operations.md, "Alibaba Cloud rejects requests".'
  }
  {
    name: 'eds-unknown-outcome'
    title: 'The outcome of a request to Alibaba Cloud is unknown'
    severity: 2
    window: 'PT15M'
    query: loadTextContent('../queries/alert-unknown.kql')
    action: 'An e-mail may have been sent. Ask the owner before you resend the code. docs/operations.md, "An outcome is unknown".'
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
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
      description: rule.action
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      autoMitigate: true
      // The tables do not exist before the first telemetry.
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
        actionGroups: [actionGroup.id]
      }
    }
  }
]

@description('The resource ID of the action group, to add receivers.')
output actionGroupId string = actionGroup.id
