#!/usr/bin/env bash
# Mutation tests of the signer, the response parser, the rules of a verification, the signatures and the report. Fails
# below the threshold in stryker-config.json. The reports are in StrykerOutput/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/EdsFunctions.Tests"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
options=("$@")

# The first argument names the tests, which EdsFunctions.Tests.csproj lists; the others are the mutated files.
mutate() {
  local files=("${@:2}")
  MutationTesting=$1 dotnet stryker --config-file ../stryker-config.json --output "../../StrykerOutput/$1" \
    --skip-version-check "${files[@]/#/--mutate=}" "${options[@]}"
}

dotnet tool restore
mutate rules Alibaba/{Acs3Signer,EcdError,EcdOutcome,EcdResponseParser}.cs Signatures/{SignatureScheme,SigningKeys}.cs \
  Verifications/{Verification,VerificationState}.cs
mutate report Notifications/{Digest,StaleReport,StaleReportOptions}.cs
