metadata description = 'Alert rules on log queries, the action group that they notify, and a budget.'

@description('The region of the rules, which is that of the workspace.')
param location string

@description('Tags of all resources.')
param tags object

@description('The resource ID of the Log Analytics workspace.')
param workspaceId string

@description('The e-mail address that is notified when an alert fires or resolves; none if empty.')
param alertEmail string

@description('The age of an access key without an expiry, in days, from which an alert asks for a rotation.')
param maxKeyAge int

@description('The monthly budget of the resource group; none if 0.')
param monthlyBudget int

@description('The first day of the month in which the budget starts.')
param budgetStart string

// These do not resolve by themselves: an outcome stays unknown until a person asks the owner, and an app that is down
// stays down when its last good row leaves the window.
var unresolved = ['eds-unknown-outcome', 'eds-health', 'eds-report-missing']

// Two days are the longest window of Azure: a schedule with longer pauses needs the heartbeat.
var rules = [
  {
    name: 'eds-stale-verification'
    title: 'A verification is stale'
    severity: 2
    window: 'P2D'
    every: 'PT15M'
    query: loadTextContent('../queries/alert-stale.kql')
    action: 'A verification is open for too long. List stale verifications with GET /api/reports/stale, ask the owner, then complete, attach or cancel it. docs/alerts.md, "A verification is stale".'
  }
  {
    name: 'eds-report-missing'
    title: 'A report is overdue'
    severity: 1
    window: 'P2D'
    every: 'PT15M'
    query: loadTextContent('../queries/alert-report-overdue.kql')
    action: 'The timer has not run when it was due. Check whether the app runs and has its functions. docs/alerts.md, "A report is overdue".'
  }
  {
    name: 'eds-report-failed'
    title: 'Two reports in a row failed'
    severity: 1
    window: 'P2D'
    every: 'PT15M'
    query: loadTextContent('../queries/alert-report-failed.kql')
    action: 'Stale verifications are not reported everywhere. Check whether the store is available and which channel rejects reports. docs/alerts.md, "Two reports failed".'
  }
  {
    name: 'eds-health'
    title: 'The app is not healthy'
    severity: 1
    window: 'P2D'
    every: 'PT5M'
    query: loadTextContent('../queries/alert-health.kql')
    action: 'GET /api/health fails from outside. The app does not start, has no functions, or has no store or access key. docs/alerts.md, "The app is not healthy".'
  }
  {
    name: 'eds-server-errors'
    title: 'Requests fail with 5xx'
    severity: 2
    window: 'P2D'
    every: 'PT5M'
    query: loadTextContent('../queries/alert-server-errors.kql')
    action: 'Callers get errors of the app, of the host, or of Alibaba Cloud. docs/alerts.md, "Requests fail with 5xx".'
  }
  {
    name: 'eds-refused'
    title: 'Alibaba Cloud rejects requests'
    severity: 1
    window: 'PT15M'
    every: 'PT5M'
    query: loadTextContent('../queries/alert-rejected.kql')
    action: 'Codes cannot be sent. Fix the access key, its RAM policy or the clock. docs/alerts.md, "Alibaba Cloud rejects requests".'
  }
  {
    name: 'eds-vault'
    title: 'Key Vault is unavailable'
    severity: 1
    window: 'P2D'
    every: 'PT5M'
    query: loadTextContent('../queries/alert-vault.kql')
    action: 'The app uses its last access key for a while, then sends no codes. docs/alerts.md, "Key Vault is unavailable".'
  }
  {
    name: 'eds-unknown-outcome'
    title: 'The outcome of a request to Alibaba Cloud is unknown'
    severity: 2
    window: 'PT15M'
    every: 'PT5M'
    query: loadTextContent('../queries/alert-unknown.kql')
    action: 'An e-mail may have been sent. Ask the owner before you resend the code. docs/alerts.md, "An outcome is unknown".'
  }
  {
    name: 'eds-signatures'
    title: 'Deliveries have invalid signatures'
    severity: 2
    window: 'PT1H'
    every: 'PT15M'
    query: loadTextContent('../queries/alert-signatures.kql')
    action: 'Commands or webhooks are rejected: the secret differs, or an unknown sender tries. docs/alerts.md, "Deliveries have invalid signatures".'
  }
  {
    name: 'eds-platform-closed'
    title: 'A platform is closed for lack of its secret'
    severity: 2
    window: 'PT1H'
    every: 'PT15M'
    query: loadTextContent('../queries/alert-platform-closed.kql')
    action: 'A Key Vault reference did not resolve, so the app refuses this platform or channel. docs/alerts.md, "A platform is closed".'
  }
  {
    name: 'eds-key-age'
    title: 'The access key is old or about to expire'
    severity: 3
    window: 'P2D'
    every: 'PT15M'
    query: replace(loadTextContent('../queries/alert-key-age.kql'), 'MAX_KEY_AGE', string(maxKeyAge))
    action: 'Rotate it before it stops working. docs/alerts.md, "The access key is old".'
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
      evaluationFrequency: rule.every
      windowSize: rule.window
      autoMitigate: !contains(unresolved, rule.name)
      // Without it, an alert that does not resolve fires again at each evaluation of the same window.
      muteActionsDuration: contains(unresolved, rule.name) ? rule.window : null
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

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = if (monthlyBudget > 0 && !empty(budgetStart)) {
  name: 'eds-functions'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: { startDate: budgetStart }
    notifications: {
      actual80: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: []
        contactRoles: ['Owner']
        contactGroups: [actionGroup.id]
      }
      forecast100: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: []
        contactRoles: ['Owner']
        contactGroups: [actionGroup.id]
      }
    }
  }
}

@description('The resource ID of the action group, to add receivers.')
output actionGroupId string = actionGroup.id
