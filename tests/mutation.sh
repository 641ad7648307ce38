#!/usr/bin/env bash
# Changes the signer, the reading of Alibaba's answers, the rules of a verification and the report in every small way, and looks
# whether a test notices. Fails below the threshold of stryker-config.json; the report is in StrykerOutput/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/EdsFunctions.Tests"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The build leaves tests out that are slow and far from what is mutated; see the project file.
export MutationTesting=true

dotnet tool restore
dotnet stryker --config-file ../stryker-config.json --output ../../StrykerOutput --skip-version-check "$@"
