#!/usr/bin/env bash
# name: toolchain-report
# description: Says which versions of the build's tools are installed
# inputs: --long for where each one is
# outputs: stdout
# tags: report, release
# timeout: 60
# task_class: FAST_SCRIPT
set -eu

found=0
missing=""
for tool in rustc cargo git bash chromedriver; do
    if ! place=$(command -v "$tool"); then
        missing="$missing $tool"
        continue
    fi
    found=$((found + 1))
    version=$("$tool" --version 2>/dev/null | head -n 1 || true)
    if [ "${1:-}" = "--long" ]; then
        printf '%-14s %s (%s)\n' "$tool" "$version" "$place"
    else
        printf '%-14s %s\n' "$tool" "$version"
    fi
done
echo "$found tools found; missing:${missing:- none}."
