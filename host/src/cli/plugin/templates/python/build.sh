#!/bin/sh
# Builds {{name}}.wasm beside this script. Needs Python 3.10 or newer with venv.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/componentize-py ]; then
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt >&2
fi
# Every build is another component, and SparkQ compiles each anew: what is up to date stays.
if [ -f {{name}}.wasm ] && [ -z "$(find src wit requirements.txt build.sh ! -path '*/__pycache__*' -newer {{name}}.wasm)" ]; then
    exit
fi
# What else is installed there goes along.
export VIRTUAL_ENV="$PWD/.venv"
.venv/bin/python .venv/bin/componentize-py --quiet --wit-path wit --world tool-full componentize --python-path src plugin --output {{name}}.wasm
