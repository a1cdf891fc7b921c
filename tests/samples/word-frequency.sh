#!/usr/bin/env bash
# name: word-frequency
# description: Counts the words of the comments below a folder, the most frequent first
# inputs: folder (default: host), how many (default: 10)
# outputs: stdout
# tags: report, docs
# timeout: 60
# task_class: FAST_SCRIPT
set -eu
export LC_ALL=C

folder=${1:-host}
count=${2:-10}

if [ ! -d "$folder" ]; then
    echo "There is no folder $folder." >&2
    exit 1
fi

# Words of four letters and more, in lower case.
words=$(find "$folder" -name target -prune -o \( -name '*.rs' -o -name '*.wit' \) -type f -print |
    sort | while IFS= read -r file; do
        grep -hoE '//[/!]?.*' "$file" || true
    done | tr '[:upper:]' '[:lower:]' | grep -oE '[a-z]{4,}' || true)

if [ -z "$words" ]; then
    echo "There are no comments below $folder."
    exit 0
fi
list=$(echo "$words" | sort | uniq -c | sort -k1,1nr -k2 | awk -v count="$count" 'NR <= count')
echo "$list"
echo "$list" | awk -v folder="$folder" \
    'NR == 1 { print "The most frequent word below " folder " is \"" $2 "\", " $1 " times." }'
