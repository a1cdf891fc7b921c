#!/bin/sh
# Builds {{name}}.wasm beside this script. Needs Python 3.10 or newer with venv.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/componentize-py ]; then
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt >&2
fi
# What else is installed there goes along.
export VIRTUAL_ENV="$PWD/.venv"
.venv/bin/python .venv/bin/componentize-py --quiet --wit-path wit --world tool-full componentize --python-path src plugin --output {{name}}.wasm
