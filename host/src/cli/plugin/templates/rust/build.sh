#!/bin/sh
# Builds {{name}}.wasm beside this script. Needs Rust 1.95 or newer with: rustup target add wasm32-wasip2
set -eu
cd "$(dirname "$0")"
cargo build --release --target wasm32-wasip2
cp "${CARGO_TARGET_DIR:-target}/wasm32-wasip2/release/plugin.wasm" {{name}}.wasm
