#!/usr/bin/env bash
# name: failing-check
# description: Requires a file that a release needs, and says what to do when it is missing
# inputs: file (default: CHANGELOG.md)
# outputs: stdout
# tags: check, release
# timeout: 30
# task_class: FAST_SCRIPT
set -eu

file=${1:-CHANGELOG.md}

echo "Looking for $file."
if [ ! -s "$file" ]; then
    echo "$file is missing or empty: write what changed since the last release, then requeue this task." >&2
    exit 1
fi
echo "$file is there."
