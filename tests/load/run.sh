#!/usr/bin/env bash
# Sends many codes through DevHost to the simulator, and stops DevHost while more sends are in progress.
# Checks that every request is accounted for.
# Arguments: how many sends, and how many at a time; 50000 and 64 without them. The programs are built in Release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet run -c Release --project tests/EdsFunctions.Load -- "$@"
