#!/usr/bin/env bash
# name: count-lines
# description: Counts the lines of Rust in each crate of the project
# outputs: stdout
# tags: report, code
# timeout: 60
# task_class: FAST_SCRIPT
set -eu
export LC_ALL=C

# A crate is a folder with a Cargo.toml; a line belongs to the innermost one.
crates=$(find . -name target -prune -o -name .git -prune -o -name Cargo.toml -print |
    sed 's|/Cargo.toml$||' | sort)

total=0
count=0
for crate in $crates; do
    [ -d "$crate/src" ] || continue
    lines=$(find "$crate/src" -name '*.rs' -type f -exec cat {} + | wc -l)
    printf '%8d  %s\n' "$lines" "${crate#./}"
    total=$((total + lines))
    count=$((count + 1))
done
echo "$total lines of Rust in $count crates."
