#!/usr/bin/env bash
# Holds what synfin draws against a browser and other people's programs: Chromium plays the player's page and measures
# the drawings, axe-core reads the page as assistive technology does, Mermaid parses the diagrams, ajv validates the
# JSON Lines. It needs Chromium, node, npm and fonts for Latin and Chinese:
#
#     tests/pictures/run.sh SYNFIN FOLDER                          everything
#     tests/pictures/run.sh SYNFIN FOLDER CHECK [SCENARIO...]      player, svg, mermaid, jsonl or speed alone
#
# Pages, screenshots and npm's packages stay in FOLDER. Exit status 77: something that it needs can't be had.

set -u -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
synfin=$(realpath "$1")
mkdir -p "$2" && folder=$(realpath "$2")
shift 2
cd "$here/../.." || exit 2

missing() {
    echo "$1"
    exit 77
}

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    missing "no Chromium is installed"
command -v node >/dev/null && command -v npm >/dev/null || missing "node and npm are not installed"
[ -n "$(fc-list 'DejaVu Sans Mono')" ] || missing "the font DejaVu Sans Mono is not installed"
[ -n "$(fc-list :lang=zh-cn)" ] || missing "no font for Chinese is installed"

# npm's packages, as package-lock.json pins them; again only when that has changed.
installed=$folder/node_modules/.package-lock.json
if ! [ -f "$installed" ] || ! cmp -s "$here/package-lock.json" "$folder/package-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$folder/"
    if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund >"$folder/npm.log" 2>&1; then
        cat "$folder/npm.log"
        rm -f "$folder/package-lock.json"
        grep -qE 'code (EAI_AGAIN|ENOTFOUND|ECONN|ETIMEDOUT|E[A-Z]*UNREACH|ERR_SOCKET)' "$folder/npm.log" &&
            missing "npm's registry can't be reached"
        exit 1
    fi
fi
NODE_PATH=$folder/node_modules exec node "$here/run.js" "$synfin" "$folder" "$browser" "$@"
