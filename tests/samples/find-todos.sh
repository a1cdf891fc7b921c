#!/usr/bin/env bash
# name: find-todos
# description: Lists the TODO and FIXME comments below a folder
# inputs: folder (default: the whole project)
# outputs: stdout
# tags: report, code
# timeout: 60
# task_class: FAST_SCRIPT
set -eu
export LC_ALL=C

folder=${1:-.}
if [ ! -d "$folder" ]; then
    echo "There is no folder $folder." >&2
    exit 1
fi

# `tests/samples` is left out: this file would find itself.
found=$(grep -rnE --include='*.rs' --include='*.sh' --include='*.css' --include='*.md' \
    --exclude-dir=target --exclude-dir=.git --exclude-dir=samples \
    '\b(TODO|FIXME)\b' "$folder" | sort || true)

if [ -z "$found" ]; then
    echo "Nothing is marked TODO or FIXME below $folder."
else
    echo "$found"
    echo "$(echo "$found" | wc -l | tr -d ' ') places are marked TODO or FIXME below $folder."
fi
