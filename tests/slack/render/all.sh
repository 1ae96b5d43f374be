#!/bin/sh
# Runs the Slack tests and draws every message, Home tab and form that they showed: all.sh [OUT_DIR]. Needs what render.sh needs.
set -eu
out="$(realpath -m "${1:-/tmp/aeo-slack-pictures}")"
cd "$(dirname "$0")/../../.."
shots="$(mktemp -d)"
SLACK_SHOTS="$shots" .venv/bin/python -m pytest -q -n 2 --dist loadfile -m "not slow" tests/slack
tests/slack/render/render.sh "$shots" "$out"
rm -r "$shots"
echo "$out"
