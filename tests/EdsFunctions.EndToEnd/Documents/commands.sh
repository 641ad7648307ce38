# Precedes the commands of a document. PATH holds a few programs only, so that no command reaches anything but this machine's servers.
set -euo pipefail
host=

# Starts DevHost or the simulator in place of the one that runs. Other commands of the SDK run in CI, or fail here.
dotnet() {
  case "$*" in
    "run --project src/EdsFunctions.DevHost"*) set -- "${@:4}"; start EdsFunctions.DevHost "$API/api/health" \
      --urls "$API" --Simulator:Url "$SIMULATOR" "${@:2}" ;;
    "run --project src/EdsFunctions.EcdSimulator"*) set -- "${@:4}"; start EdsFunctions.EcdSimulator "$SIMULATOR/_simulator/requests" \
      --urls "$SIMULATOR" "${@:2}" ;;
    *) grep -qF -- "dotnet $*" "$CI" || { echo "dotnet $* is not in .ci/run: say what it needs before its block."; exit 1; } ;;
  esac
}

start() {
  local program=$1 url=$2
  stop
  "$DOTNET" "$APP/$program.dll" "${@:3}" > host.log 2>&1 &
  host=$!
  until curl "$url" > /dev/null 2>&1; do
    kill -0 "$host" 2> /dev/null || { cat host.log; exit 1; }
    sleep 0.2
  done
}

stop() {
  if [ -n "$host" ]; then
    kill "$host"
    wait "$host" || true
    host=
  fi
}

trap stop EXIT
