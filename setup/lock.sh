#!/usr/bin/env bash
# Renews the lock files with the newest versions that are at least a week old: most releases that are
# withdrawn, or that somebody else made in the maintainer's name, are found out within days.
# No address of a registry is written: the files are installed from wherever a machine has its packages.
set -euo pipefail
cd "$(dirname "$0")/.."

lock() { # $1 is the page to lock, $2 the file to write, then further options
    .venv/bin/uv pip compile "$1" --output-file "$2" --upgrade --exclude-newer "7 days" --universal \
        --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet "${@:3}"
}
lock requirements.in requirements.lock
lock requirements-dev.in requirements-dev.lock --constraint requirements.lock
lock setup/uv.in setup/uv.lock
lock setup/node.in setup/node.lock

npm --prefix frontend update --package-lock-only --before "$(date -d '7 days ago' +%F)"
