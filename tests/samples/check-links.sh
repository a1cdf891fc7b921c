#!/usr/bin/env bash
# name: check-links
# description: Checks that the files which Markdown pages link to exist
# inputs: folder (default: the whole project)
# outputs: stdout
# tags: check, docs
# timeout: 60
# task_class: FAST_SCRIPT
set -eu
export LC_ALL=C

folder=${1:-.}
pages=0
links=0
broken=0

while IFS= read -r page; do
    pages=$((pages + 1))
    # Targets of [text](target), without addresses, anchors and titles. What stands in `code` is no link.
    while IFS= read -r target; do
        links=$((links + 1))
        if [ ! -e "$(dirname "$page")/$target" ]; then
            broken=$((broken + 1))
            echo "${page#./}: $target is not there" >&2
        fi
    done < <(sed -E 's/`[^`]*`//g' "$page" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(//; s/[ )].*$//; s/#.*$//' |
        grep -vE '^$|^[a-z]+:|^/' || true)
done < <(find "$folder" \( -name target -o -name .git -o -name node_modules \) -prune \
    -o -name '*.md' -type f -print | sort)

if [ "$broken" -gt 0 ]; then
    echo "$broken of $links links lead nowhere." >&2
    exit 1
fi
echo "$links links in $pages pages lead somewhere."
