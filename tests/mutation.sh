#!/usr/bin/env bash
# Mutation tests of the signer, the response parser, the rules of a verification, the signatures and the report. Fails below the
# threshold in stryker-config.json. The report is in StrykerOutput/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/EdsFunctions.Tests"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Excludes slow tests that do not cover the mutated files; see EdsFunctions.Tests.csproj.
export MutationTesting=true

dotnet tool restore
dotnet stryker --config-file ../stryker-config.json --output ../../StrykerOutput --skip-version-check "$@"
