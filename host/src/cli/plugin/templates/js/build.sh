#!/bin/sh
# Builds {{name}}.wasm beside this script. Needs node 18 or newer with npm.
set -eu
cd "$(dirname "$0")"
if [ ! -x node_modules/.bin/componentize-qjs ]; then
    npm install --no-audit --no-fund >&2
fi
npm run --silent build >&2
