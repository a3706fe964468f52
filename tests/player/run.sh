#!/usr/bin/env bash
# Opens the player of some scenarios from the disk in a headless Chromium, uses it with the keyboard (selftest.js) and
# finds no error on its console: tests/player/run.sh SYNFIN FOLDER [SCENARIO...]. The pages stay in FOLDER.

set -u -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
synfin=$(realpath "$1") folder=$2
shift 2
cd "$here/../.." || exit 2
mkdir -p "$folder"
if ! browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome); then
    echo "no Chromium is installed"
    exit 77
fi
[ $# -gt 0 ] || set -- handshake/three-way-handshake handshake/stale-duplicate-syn handshake/simultaneous-open \
    handshake/fast-open handshake/syn-to-closed-port attacks/syn-flood attacks/forged-syn-ack \
    network/path-mtu-discovery proofs/half-close proofs/simultaneous-close proofs/timed/flipped-bit

failed=0
for scenario in "$@"; do
    page=$folder/$(basename "$scenario").html
    "$synfin" run "scenarios/$scenario.lua" --quiet --html "$folder/plain.html" >/dev/null
    # In front of the page's own script, so that no error escapes it.
    awk -v test="$here/selftest.js" '/^<script nonce/ && !done { print; while ((getline line < test) > 0) print line
        print "</script>"; done = 1 } { print }' "$folder/plain.html" >"$page"
    "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --enable-logging=stderr \
        --user-data-dir="$folder/profile" --window-size=1400,1000 --virtual-time-budget=60000 --dump-dom \
        "file://$(realpath "$page")" >"$folder/dom" 2>"$folder/log"
    verdict=$(sed -n 's:.*<title>\(.*\)</title>.*:\1:p' "$folder/dom" | head -n 1)
    if [ "$verdict" = PASS ] && ! grep -E 'CONSOLE' "$folder/log"; then
        echo "$scenario: passed"
    else
        echo "$scenario: $verdict"
        failed=1
    fi
done
rm -rf "$folder/profile" "$folder/dom" "$folder/log" "$folder/plain.html"
exit $failed
