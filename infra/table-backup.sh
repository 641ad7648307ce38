#!/usr/bin/env bash
# Exports the table of the app as one JSON object per row, or imports such a file.
#   infra/table-backup.sh export <table endpoint> > verifications.jsonl
#   infra/table-backup.sh import <table endpoint> < verifications.jsonl
# An import adds the rows that the table does not have and changes no other, so it can be repeated.
# Signs in with the Azure CLI, or with a shared access signature in TABLE_SAS.
set -euo pipefail

action=$1 endpoint=${2%/} table=${TABLE_NAME:-EdsVerifications}
# In the environment and in pipes, so that no process shows it among its arguments.
TOKEN=''
[ -n "${TABLE_SAS:-}" ] || TOKEN=$(az account get-access-token --resource https://storage.azure.com/ --query accessToken -o tsv)
export TOKEN TABLE_SAS="${TABLE_SAS:-}"

# The options of a request, as lines of a configuration of curl.
options() {
  jq -nr --arg url "$1" '
    "url = \("\($url)?\(env.TABLE_SAS)" | tojson)", "silent", "show-error", "retry = 5",
    (("x-ms-version: 2020-12-06", "DataServiceVersion: 3.0", "Content-Type: application/json",
      if env.TOKEN == "" then empty else "Authorization: Bearer \(env.TOKEN)" end) | "header = \(tojson)")'
}

# The open partition comes first: a verification that is closed meanwhile is then exported twice, and not left out.
export_rows() {
  local headers partition row filter
  headers=$(mktemp)
  trap 'rm -f "$headers"' RETURN
  for filter in "PartitionKey eq 'open'" "PartitionKey ne 'open'"; do
    partition='' row=''
    while
      # The shell does not stop at a failure in a condition.
      curl --config <(options "$endpoint/$table()") --get --fail-with-body --dump-header "$headers" \
        --header 'Accept: application/json;odata=fullmetadata' --data-urlencode "\$filter=$filter" \
        --data-urlencode "NextPartitionKey=$partition" --data-urlencode "NextRowKey=$row" \
        | jq -c '.value[] | with_entries(select(.key | test("^(odata[.]|Timestamp(@|$))") | not))' \
        || return 1
      partition=$(continuation NextPartitionKey) row=$(continuation NextRowKey)
      [ -n "$partition" ]
    do :; done
  done
}

continuation() { tr -d '\r' < "$headers" | sed -nE "s/^x-ms-continuation-$1: //Ip"; }

# Prints how many rows were added (204) and how many existed (409).
import_rows() {
  local create statuses
  create=$(curl --config <(options "$endpoint/Tables") --header 'Accept: application/json;odata=nometadata' \
    --data "{\"TableName\":\"$table\"}" --output /dev/null --write-out '%{http_code}')
  [[ $create =~ ^(201|204|409)$ ]] || { echo "The table was not created: HTTP $create." >&2; return 1; }
  statuses=$(jq -r --arg options "$(options "$endpoint/$table")" '
    $options, "header = \"Accept: application/json;odata=nometadata\"", "header = \"Prefer: return-no-content\"",
    "data-raw = \(tojson | tojson)", "output = /dev/null", "write-out = \"%{http_code}\\n\"", "next"' \
    | sed '$d' | curl --no-progress-meter --parallel --parallel-max 8 --config - | sort | uniq -c)
  echo "$statuses"
  ! grep -vE ' (204|409)$' <<< "$statuses" >&2
}

case $action in
  export) export_rows ;;
  import) import_rows ;;
  *) echo "Unknown action: $action" >&2; exit 2 ;;
esac
