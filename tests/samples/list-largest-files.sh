#!/usr/bin/env bash
# name: list-largest-files
# description: Lists the largest files of the project, in bytes
# inputs: how many (default: 10), folder (default: the whole project)
# outputs: stdout
# tags: report, code
# timeout: 60
# task_class: FAST_SCRIPT
set -eu
export LC_ALL=C

count=${1:-10}
folder=${2:-.}

case $count in
    '' | *[!0-9]*)
        echo "How many must be a number, not $count." >&2
        exit 1
        ;;
esac

list=$(find "$folder" \( -name target -o -name .git -o -name .sparkq -o -name 'sparkq.db*' \) -prune \
    -o -type f -exec wc -c {} \; | sed 's| \./| |' | sort -k1,1nr -k2 | awk -v count="$count" 'NR <= count')
echo "$list"
echo "$list" | awk 'NR == 1 { print "The largest file is " $2 " with " $1 " bytes." }'
