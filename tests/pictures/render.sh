#!/usr/bin/env bash
# Draws every reply and report: a test has the app send them, and each payload becomes a picture.
# With a folder of payloads as its argument it draws those instead.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The headless shell: the window of the full browser is higher than the page.
browser=chromium-headless-shell
if ! command -v "$browser" >/dev/null || ! command -v pngquant >/dev/null \
  || ! fc-list | grep "Noto Sans CJK SC" >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    "$browser" fontconfig fonts-noto-cjk pngquant
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
browse() {
  rm -rf "$work/profile"
  timeout 60 "$browser" --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" "$@" \
    "file://$work/page.html" 2>/dev/null
}

payloads=${1:-$work/payloads}
if [ $# -eq 0 ]; then
  mkdir "$payloads"
  EDS_PICTURES="$payloads" dotnet test --project "$here/../EdsFunctions.Tests" \
    --filter-class EdsFunctions.Tests.Pictures.PictureTests
  rm -f "$here"/*.png
fi

cp "$here/page.html" "$work"
for payload in "$payloads"/*.json; do
  name=$(basename "$payload" .json)
  { printf 'const payload = '; cat "$payload"; echo ';'; } >"$work/payload.js"
  read -r state height < <(browse --window-size=640,480 --dump-dom | sed -nE 's|.*<title>(.*)</title>.*|\1|p')
  browse --window-size="640,$height" --force-device-scale-factor=2 --screenshot="$work/picture.png" >/dev/null
  pngquant --force --strip --speed 1 --output "$here/$name.png" 32 "$work/picture.png"
  echo "$name.png: $state, $height high"
  [ "$state" = drawn ]
done
