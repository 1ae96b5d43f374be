#!/bin/sh
# Regenerates blockkit.json, requests.json, incoming.json and manifest.json from Slack's published npm types.
# Node is needed only here; what npm fetches stays in a cache outside the repository.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
work="${XDG_CACHE_HOME:-$HOME/.cache}/aeo-assistant/slack-schemas"
mkdir -p "$work"
cp "$here/package.json" "$here/tsconfig.json" "$here/entry.ts" "$here/generate.mjs" "$work/"
if [ -e "$here/package-lock.json" ]; then
    cp "$here/package-lock.json" "$work/"
    (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
else
    (cd "$work" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error)
    cp "$work/package-lock.json" "$here/"
fi
(cd "$work" && node generate.mjs)
"${PYTHON:-python3}" "$here/enrich.py" "$work/raw.json" "$here"
