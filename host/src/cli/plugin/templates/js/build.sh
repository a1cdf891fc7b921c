#!/bin/sh
# Builds {{name}}.wasm beside this script. Needs node 18 or newer with npm.
set -eu
cd "$(dirname "$0")"
if [ ! -x node_modules/.bin/componentize-qjs ]; then
    npm install --no-audit --no-fund >&2
fi
# Every build is another component, and SparkQ compiles each anew: what is up to date stays.
if [ -f {{name}}.wasm ] && [ -z "$(find src wit package.json build.sh -newer {{name}}.wasm)" ]; then
    exit
fi
npm run --silent build >&2
