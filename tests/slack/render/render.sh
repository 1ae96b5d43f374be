#!/bin/sh
# Draws every JSON file of a folder as a PNG: render.sh DIR_OF_JSON OUT_DIR. Needs node, npm (once) and chromium with Noto CJK and emoji fonts.
set -eu
in="$(realpath "$1")"
out="$(realpath -m "$2")"
cd "$(dirname "$0")/../../.."
exec .venv/bin/python -m tests.slack.render.draw "$in" "$out"
